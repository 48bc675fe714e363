import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { type Job, unfoldJob } from '../job.js';
import { IdempotencyInProgressError, IdempotencyKeyReusedError, UnknownAnalyzerError } from '../jobs.errors.js';
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
 */
@Injectable()
export class IdempotentWrites {
  private readonly inProgress = new Set<string>();

  constructor(
    private readonly writer: SubmissionWriter,
    private readonly reader: JobReader,
  ) {}

  /**
   * @throws whatever `prepare` throws, unless the key has an answer already
   * @throws IdempotencyKeyReusedError, IdempotencyInProgressError, UnknownAnalyzerError
   */
  async once(context: TenantContext, claim: IdempotencyClaim | null, prepare: Preparation): Promise<Submitted> {
    if (!claim) return this.write(context, null, await prepare());
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
    return this.write(context, claim, await prepare());
  }

  private async write(
    context: TenantContext,
    idempotency: IdempotencyClaim | null,
    prepared: Omit<NewJob, 'idempotency'>,
  ): Promise<Submitted> {
    const job: NewJob = { ...prepared, idempotency };
    const outcome = await this.writer.write(job);
    switch (outcome.kind) {
      case 'created':
        return { job: unfoldJob(firstRowsOf(job, outcome.createdAt)), replayed: false };
      case 'duplicate':
        return this.replay(context, idempotency, outcome);
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
