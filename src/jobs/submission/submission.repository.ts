import { Injectable } from '@nestjs/common';
import { binaryArray, plainArray as list } from '../../database/array-parameters.js';
import { IngestPool } from '../../database/role-pool.js';
import type { IdempotencyClaim, NewJob } from './new-job.js';
import { FIND_KEYS, SUBMIT } from './submission.sql.js';

/** A row of the answer: an item that is absent named an analyzer that its tenant may not use. */
export interface SubmittedRow {
  readonly id: string;
  /** False when the idempotency key was taken already. */
  readonly created: boolean;
  readonly at: Date;
}

/** A taken idempotency key. */
export interface TakenKey extends IdempotencyClaim {
  readonly tenantId: string;
  readonly jobId: string;
}

/** The statements of the submit path, as maru_ingest: jobs of many tenants in one transaction. */
@Injectable()
export class SubmissionRepository {
  constructor(private readonly pool: IngestPool) {}

  /** Inserts jobs, queue rows and keys. All or nothing: one bad row fails the whole statement. */
  async insert(jobs: readonly NewJob[]): Promise<SubmittedRow[]> {
    const result = await this.pool.query<SubmittedRow>({
      name: 'job-submit',
      text: SUBMIT,
      values: [
        list(jobs.map((j) => j.tenantId)),
        list(jobs.map((j) => j.id)),
        list(jobs.map((j) => j.analyzerId)),
        jobs.map((j) => j.analyzerSlug),
        jobs.map((j) => j.analyzerVersion),
        list(jobs.map((j) => j.priority)),
        list(jobs.map((j) => j.maxAttempts)),
        list(jobs.map((j) => j.test)),
        jobs.map((j) => j.deadline),
        jobs.map((j) => j.createdBy),
        jobs.map((j) => j.traceId),
        jobs.map((j) => j.inputDigest),
        binaryArray(
          'json',
          jobs.map((j) => JSON.stringify(j.metadata)),
        ),
        binaryArray(
          'json',
          jobs.map((j) => JSON.stringify(j.input)),
        ),
        binaryArray(
          'text',
          jobs.map((j) => j.idempotency?.key ?? null),
        ),
        jobs.map((j) => j.idempotency?.fingerprint ?? null),
        jobs.map((j) => j.origin?.retriedFrom ?? null),
        jobs.map((j) => j.origin?.rerunOf ?? null),
        binaryArray(
          'json',
          jobs.map((j) => (j.origin?.pin ? JSON.stringify(j.origin.pin) : null)),
        ),
      ],
    });
    return result.rows;
  }

  /** The taken ones among the keys of these tenants. */
  async findKeys(keys: readonly { tenantId: string; key: string }[]): Promise<TakenKey[]> {
    const result = await this.pool.query<TakenKey>({
      name: 'job-find-keys',
      text: FIND_KEYS,
      values: [
        list(keys.map((k) => k.tenantId)),
        binaryArray(
          'text',
          keys.map((k) => k.key),
        ),
      ],
    });
    return result.rows;
  }
}
