import { Injectable } from '@nestjs/common';
import { binaryArray, plainArray as list } from '../../database/array-parameters.js';
import { IngestPool } from '../../database/role-pool.js';
import { inputFileIds } from './input-file-ids.js';
import type { IdempotencyClaim, NewJob } from './new-job.js';
import { isTaken } from '../../database/taken-key.js';
import { FIND_KEYS, SUBMIT, SUBMIT_CONTESTED } from './submission.sql.js';

/** A row of the answer: an item that is absent named an analyzer that its tenant may not use. */
export interface SubmittedRow {
  readonly id: string;
  /** False when the idempotency key was taken already. */
  readonly created: boolean;
  readonly at: Date;
  /** The transaction of this statement. */
  readonly xid: string;
}

/** What the submit statement answers. */
interface Answer {
  readonly at: Date;
  readonly xid: string;
  /** How many jobs were written. */
  readonly created: number;
  /** Which, when not all. */
  readonly ids: string[] | null;
  /** Whose keys were taken. */
  readonly taken: string[] | null;
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
    const values = [...columnsOf(jobs), jobs.length];
    try {
      return await this.write('job-submit', SUBMIT, values, jobs);
    } catch (error) {
      if (!isTaken(error)) throw error;
      return this.write('job-submit-contested', SUBMIT_CONTESTED, values, jobs);
    }
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

  private async write(name: string, text: string, values: unknown[], jobs: readonly NewJob[]): Promise<SubmittedRow[]> {
    const { rows } = await this.pool.query<Answer>({ name, text, values });
    const { at, xid, created, ids, taken } = rows[0]!;
    const written = created === jobs.length ? jobs.map((j) => j.id) : (ids ?? []);
    return [
      ...written.map((id) => ({ id, created: true, at, xid })),
      ...(taken ?? []).map((id) => ({ id, created: false, at, xid })),
    ];
  }
}

/** The parameters of the submit statement. */
function columnsOf(jobs: readonly NewJob[]): unknown[] {
  return [
    list(jobs.map((j) => j.tenantId)),
    list(jobs.map((j) => j.id)),
    list(jobs.map((j) => j.analyzerId)),
    texts(jobs, (j) => j.analyzerSlug),
    texts(jobs, (j) => j.analyzerVersion),
    list(jobs.map((j) => j.priority)),
    list(jobs.map((j) => j.maxAttempts)),
    list(jobs.map((j) => j.test)),
    list(jobs.map((j) => j.deadline?.toISOString() ?? 'null')),
    texts(jobs, (j) => j.createdBy),
    texts(jobs, (j) => j.traceId),
    texts(jobs, (j) => j.inputDigest),
    binaryArray(
      'json',
      jobs.map((j) => JSON.stringify(j.metadata)),
    ),
    binaryArray(
      'json',
      jobs.map((j) => JSON.stringify(j.input)),
    ),
    texts(jobs, (j) => j.idempotency?.key ?? null),
    texts(jobs, (j) => j.idempotency?.fingerprint ?? null),
    list(jobs.map((j) => j.origin?.retriedFrom ?? 'null')),
    list(jobs.map((j) => j.origin?.rerunOf ?? 'null')),
    binaryArray(
      'json',
      jobs.map((j) => (j.origin?.pin ? JSON.stringify(j.origin.pin) : null)),
    ),
    texts(jobs, (j) => {
      const files = inputFileIds(j.input);
      return files.length > 0 ? list(files) : null;
    }),
  ];
}

function texts(jobs: readonly NewJob[], of: (job: NewJob) => string | null): Buffer {
  return binaryArray('text', jobs.map(of));
}
