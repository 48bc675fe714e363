import { Injectable } from '@nestjs/common';
import { principalPublicId } from '../../auth/principal.js';
import type { TenantContext } from '../../auth/tenant-context.js';
import { ValidationFailedError } from '../../common/domain-error.js';
import { newUuid } from '../../common/ids.js';
import type { Job } from '../job.js';
import { isTerminal, type JobStatus } from '../job-status.js';
import { InvalidStateTransitionError } from '../jobs.errors.js';
import { JobReader } from '../reading/job-reader.js';
import { IdempotentWrites, type Submitted } from '../submission/idempotent-writes.js';
import type { JobOrigin, NewJob } from '../submission/new-job.js';
import { pinOf } from './pin-of.js';
import { repeatKey } from './repeat-key.js';
import type { RepeatRequest } from './repeat-request.js';
import { type Repeatable, RepeatableInput } from './repeatable-input.js';

const RETRIED: readonly JobStatus[] = ['failed', 'canceled', 'expired'];
const RERUN: readonly JobStatus[] = ['succeeded'];

/** Makes new jobs of ended ones. The ended job is never touched: each of them has its own life and its own bill. */
@Injectable()
export class JobRepeats {
  constructor(
    private readonly reader: JobReader,
    private readonly inputs: RepeatableInput,
    private readonly writes: IdempotentWrites,
  ) {}

  /**
   * A new job that does what a failed, canceled or expired one was to do, with the analyzer's current version.
   * @param jobId uuid
   * @throws NotFoundError, InvalidStateTransitionError, ResultExpiredError, InputGoneError
   * @throws UnknownAnalyzerError, ValidationFailedError when the tenant or the analyzer's schema has changed
   * @throws IdempotencyKeyReusedError, IdempotencyInProgressError
   */
  retry(context: TenantContext, jobId: string, request: RepeatRequest): Promise<Submitted> {
    return this.writes.once(context, repeatKey('retry', jobId, request.idempotencyKey), async () => {
      const job = await this.ended(context, jobId, 'retried', RETRIED);
      const repeatable = await this.inputs.of(context, job.rows);
      assertFits(job, repeatable);
      const deadline = deadlineOfRetry(job.rows.deadline, request.cancelAfterMs);
      const origin = { retriedFrom: jobId, rerunOf: null, pin: null };
      return newJobOf(context, job, repeatable, request, { deadline, origin });
    });
  }

  /**
   * A new job that is held to the analyzer version, the model and the result of a succeeded one, and says at its end
   * whether it gave the same.
   * @param jobId uuid
   * @throws as `retry`; ValidationFailedError when the version of the analyzer is not served any more
   */
  rerun(context: TenantContext, jobId: string, request: RepeatRequest): Promise<Submitted> {
    return this.writes.once(context, repeatKey('rerun', jobId, request.idempotencyKey), async () => {
      const job = await this.ended(context, jobId, 'rerun', RERUN);
      const repeatable = await this.inputs.of(context, job.rows);
      assertVersion(job, repeatable);
      const { result } = job.rows.end?.result ? job.rows.end : await this.reader.result(context, jobId);
      const origin = { retriedFrom: null, rerunOf: jobId, pin: pinOf(job, result!.digest) };
      return newJobOf(context, job, repeatable, request, { deadline: after(request.cancelAfterMs), origin });
    });
  }

  private async ended(
    context: TenantContext,
    jobId: string,
    action: string,
    allowed: readonly JobStatus[],
  ): Promise<Job> {
    const job = await this.reader.get(context, jobId);
    if (allowed.includes(job.status)) return job;
    const advice = isTerminal(job.status) ? undefined : 'Wait until it has ended.';
    throw new InvalidStateTransitionError(action, job.status, allowed, advice);
  }
}

/** The analyzer may have another version by now, and another schema. */
function assertFits(job: Job, { target, input }: Repeatable): void {
  const { version } = target.analyzer.definition;
  if (version === job.rows.analyzerVersion) return;
  const faults = target.faultsOf(input);
  if (faults.length > 0)
    throw new ValidationFailedError(faults.map((fault) => ({ ...fault, pointer: `/input${fault.pointer}` })));
}

function assertVersion(job: Job, { target }: Repeatable): void {
  const { version } = target.analyzer.definition;
  const { analyzerVersion } = job.rows;
  if (version === analyzerVersion) return;
  const message = `"${analyzerVersion}" is no longer served, only "${version}" is; submit a new job to use that`;
  throw new ValidationFailedError([{ pointer: '/analyzerVersion', code: 'unknown_version', message }]);
}

/** Cancel-After counts when it is sent; else the first job's deadline, while it lies ahead. */
function deadlineOfRetry(deadline: Date | null, cancelAfterMs: number | null): Date | null {
  if (cancelAfterMs !== null) return after(cancelAfterMs);
  return deadline !== null && deadline.getTime() > Date.now() ? deadline : null;
}

function after(ms: number | null): Date | null {
  return ms === null ? null : new Date(Date.now() + ms);
}

function newJobOf(
  context: TenantContext,
  { rows }: Job,
  { target, input }: Repeatable,
  request: RepeatRequest,
  own: { readonly deadline: Date | null; readonly origin: JobOrigin },
): Omit<NewJob, 'idempotency'> {
  return {
    tenantId: context.tenantId,
    id: newUuid(),
    analyzerId: target.id,
    analyzerSlug: rows.analyzerSlug,
    analyzerVersion: target.analyzer.definition.version,
    priority: rows.priority,
    maxAttempts: rows.maxAttempts,
    test: rows.test,
    createdBy: principalPublicId(context.principal),
    traceId: request.traceId,
    inputDigest: rows.inputDigest,
    metadata: rows.metadata,
    input,
    ...own,
  };
}
