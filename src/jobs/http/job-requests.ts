import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { TenantContext } from '../../auth/tenant-context.js';
import { dropBody } from '../../http/bound-bodies.js';
import { passTurn } from '../../http/fair-requests.js';
import { JobCancel } from '../canceling/job-cancel.js';
import type { JobDto } from '../dto/job.dto.js';
import type { ValidationAnswerDto } from '../dto/quote.dto.js';
import { JobQuotes } from '../quoting/job-quotes.js';
import { JobRequestReader } from '../submission/job-request-reader.js';
import { JobSubmission } from '../submission/job-submission.js';
import { JobViews } from '../reading/job-views.js';
import { toJobDto } from '../reading/to-job-dto.js';
import { JobWaiter } from '../watching/job-waiter.js';
import { closedSignal } from './closed-signal.js';
import { canceledAnswer, createdAnswer, readAnswer } from './job-answer.js';
import { seqsOf } from './seq-tag.js';
import { waitPreference, waitQuery } from './wait-preference.js';

const SECOND_MS = 1_000;

/** The HTTP side of a job's verbs: headers in, status and headers out. */
@Injectable()
export class JobRequests {
  constructor(
    private readonly requests: JobRequestReader,
    private readonly submission: JobSubmission,
    private readonly waiter: JobWaiter,
    private readonly views: JobViews,
    private readonly canceling: JobCancel,
    private readonly quotes: JobQuotes,
  ) {}

  /** Creates a job, and waits for its end when the client prefers that. */
  async create(context: TenantContext, request: FastifyRequest, reply: FastifyReply): Promise<JobDto> {
    const waitSeconds = waitPreference(request.headers.prefer);
    const { job, replayed } = await this.submission.submit(context, await this.requests.read(request), () =>
      passTurn(request),
    );
    passTurn(request);
    dropBody(request);
    if (waitSeconds === null || waitSeconds === 0) return createdAnswer(reply, toJobDto(job), null, replayed);
    const later = await this.waiter.untilEnded(context, job.rows.id, waitSeconds * SECOND_MS, closedSignal(reply));
    return createdAnswer(reply, toJobDto(later), waitSeconds, replayed);
  }

  /** Runs the checks of a create and stores nothing. */
  async validate(context: TenantContext, request: FastifyRequest, reply: FastifyReply): Promise<ValidationAnswerDto> {
    const answer = await this.quotes.quote(context, await this.requests.read(request));
    void reply.status(200);
    return answer;
  }

  /** Reads a job, at once or when it changes after what the client has. */
  async read(
    context: TenantContext,
    jobId: string,
    wait: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<JobDto | undefined> {
    const ifNoneMatch = request.headers['if-none-match'];
    const known = seqsOf(ifNoneMatch);
    const afterSeq = known.length > 0 ? Math.max(...known) : null;
    const waitMs = waitQuery(wait) * SECOND_MS;
    const job = await this.waiter.untilChanged(context, jobId, afterSeq, waitMs, closedSignal(reply));
    return readAnswer(reply, await this.views.job(context, job), ifNoneMatch);
  }

  /** Cancels a job. */
  async cancel(context: TenantContext, jobId: string, reply: FastifyReply): Promise<JobDto> {
    return canceledAnswer(reply, await this.views.job(context, await this.canceling.cancel(context, jobId)));
  }
}
