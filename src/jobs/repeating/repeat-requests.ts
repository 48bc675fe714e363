import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TenantContext } from '../../auth/tenant-context.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { traceIdOf } from '../../http/trace-context.js';
import type { JobDto } from '../dto/job.dto.js';
import { cancelAfterMs } from '../http/cancel-after.js';
import { closedSignal } from '../http/closed-signal.js';
import { idempotencyKeyOf } from '../http/idempotency-key.js';
import { createdAnswer } from '../http/job-answer.js';
import { waitPreference } from '../http/wait-preference.js';
import { toJobDto } from '../reading/to-job-dto.js';
import { JobWaiter } from '../watching/job-waiter.js';
import { JobRepeats } from './job-repeats.js';
import type { RepeatAction } from './repeat-key.js';
import type { RepeatRequest } from './repeat-request.js';

const SECOND_MS = 1_000;

/** The HTTP side of retry and rerun: headers in, status and headers out, as with a create. */
@Injectable()
export class RepeatRequests {
  constructor(
    private readonly repeats: JobRepeats,
    private readonly waiter: JobWaiter,
  ) {}

  /** Makes the new job, and waits for its end when the client prefers that. */
  async repeat(
    action: RepeatAction,
    context: TenantContext,
    jobId: string,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<JobDto> {
    const waitSeconds = waitPreference(request.headers.prefer) || null;
    const { job, replayed } = await this.repeats[action](context, jobId, read(request));
    if (waitSeconds === null) return createdAnswer(reply, toJobDto(job), null, replayed);
    const later = await this.waiter.untilEnded(context, job.rows.id, waitSeconds * SECOND_MS, closedSignal(reply));
    return createdAnswer(reply, toJobDto(later), waitSeconds, replayed);
  }
}

function read({ headers, body }: FastifyRequest): RepeatRequest {
  assertEmpty(body);
  return {
    idempotencyKey: idempotencyKeyOf(headers['idempotency-key']),
    cancelAfterMs: cancelAfterMs(headers['cancel-after']),
    traceId: traceIdOf(headers.traceparent),
  };
}

/** A client that sends a body expects it to change something. @throws ValidationFailedError */
function assertEmpty(body: unknown): void {
  if (body === undefined || body === null || (typeof body === 'object' && Object.keys(body).length === 0)) return;
  const message = 'must be empty: a repetition takes everything from its job; submit a new job to change something';
  throw new ValidationFailedError([{ pointer: '', code: 'not_empty', message }]);
}
