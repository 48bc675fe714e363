import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { JobAdmission } from '../admission/job-admission.js';
import { type Job, unfoldJob } from '../job.js';
import { IdempotencyInProgressError, IdempotencyKeyReusedError, UnknownAnalyzerError } from '../jobs.errors.js';
import type { Place } from '../admission/place.js';
import { JobReader } from '../reading/job-reader.js';
import { asFirstAnswered, firstRowsOf } from './first-rows.js';
import type { IdempotencyClaim, NewJob } from './new-job.js';
import { SubmissionWriter } from './submission-writer.js';

/** A create that was accepted. */
export interface Submitted {
  /** As it was first answered: queued, seq 1. */
  readonly job: Job;
  /** True when an earlier request with the same key made it. */
  readonly replayed: boolean;
}

/** Checks a request, stores its files and gives the job to write. */
export type Preparation = () => Promise<Omit<NewJob, 'idempotency'>>;

/**
 * Writes jobs so that one key makes one job. The key's row and the job are one statement, so the database decides
 * between requests of several processes; within this one, a second request with a key that is being written is told so.
 * Every new job passes the admission before anything of it is stored; the repetition of a known key does not need to.
 */
@Injectable()
export class IdempotentWrites {
  private readonly inProgress = new Set<string>();

  constructor(
    private readonly writer: SubmissionWriter,
    private readonly reader: JobReader,
    private readonly admission: JobAdmission,
  ) {}

  /**
   * @throws whatever `prepare` throws, unless the key has an answer already
   * @throws IdempotencyKeyReusedError, IdempotencyInProgressError, UnknownAnalyzerError
   * @throws QueueQuotaExceededError, ServerBusyError and its kinds, when the job is not taken in
   */
  once(context: TenantContext, claim: IdempotencyClaim | null, prepare: Preparation): Promise<Submitted> {
    return this.admission.unanswered(context.tenantId, () =>
      claim ? this.onceOfKey(context, claim, prepare) : this.write(context, null, prepare),
    );
  }

  private async onceOfKey(context: TenantContext, claim: IdempotencyClaim, prepare: Preparation): Promise<Submitted> {
    const mark = `${context.tenantId} ${claim.key}`;
    if (this.inProgress.has(mark)) throw new IdempotencyInProgressError();
    this.inProgress.add(mark);
    try {
      return await this.onceInHere(context, claim, prepare);
    } finally {
      this.inProgress.delete(mark);
    }
  }

  private async onceInHere(context: TenantContext, claim: IdempotencyClaim, prepare: Preparation): Promise<Submitted> {
    const first = await this.writer.findByKey(context.tenantId, claim.key);
    if (first) return this.replay(context, claim, first);
    return this.write(context, claim, prepare);
  }

  private write(
    context: TenantContext,
    idempotency: IdempotencyClaim | null,
    prepare: Preparation,
  ): Promise<Submitted> {
    return this.admission.admit(context.tenantId, async (place) => {
      const job: NewJob = { ...(await prepare()), idempotency };
      return this.writeInPlace(context, job, place);
    });
  }

  private async writeInPlace(context: TenantContext, job: NewJob, place: Place): Promise<Submitted> {
    const outcome = await this.writer.write(job);
    switch (outcome.kind) {
      case 'created':
        place.commit(outcome.xid);
        return { job: unfoldJob(firstRowsOf(job, outcome.createdAt)), replayed: false };
      case 'duplicate':
        return this.replay(context, job.idempotency, outcome);
      case 'analyzer_unavailable':
        throw new UnknownAnalyzerError();
      default:
        return outcome satisfies never;
    }
  }

  private async replay(
    context: TenantContext,
    claim: IdempotencyClaim | null,
    first: { jobId: string; fingerprint: string },
  ): Promise<Submitted> {
    if (claim?.fingerprint !== first.fingerprint) throw new IdempotencyKeyReusedError();
    const { rows } = await this.reader.get(context, first.jobId);
    return { job: unfoldJob(asFirstAnswered(rows)), replayed: true };
  }
}
