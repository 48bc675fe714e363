import { randomBytes } from 'node:crypto';
import { query } from './job-fixtures.js';

export const DAY_MS = 24 * 3_600_000;

/** A version 7 uuid of an instant so many days ago. */
export function uuidOfDaysAgo(days: number): string {
  const time = Math.floor(Date.now() - days * DAY_MS)
    .toString(16)
    .padStart(12, '0');
  const rest = randomBytes(10).toString('hex');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
}

/** A job of the past, straight in the tables. */
export interface OldJob {
  /** Age of its id, days. */
  readonly submitted: number;
  /** Days since its end; null = it still waits. */
  readonly ended: number | null;
  readonly input?: object;
}

/** Inserts a job as it would lie there today. Returns its uuid. */
export async function insertOldJob(tenantId: string, { submitted, ended, input = {} }: OldJob): Promise<string> {
  const id = uuidOfDaysAgo(submitted);
  await query(
    `insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, created_at, input_digest, input)
     values ($1, $2, gen_random_uuid(), 'digit-reader', '1', 1, 3, now() - $3 * interval '1 day', 'sha256:0', $4)`,
    [tenantId, id, submitted, JSON.stringify(input)],
  );
  await query(`insert into maru.job_timeline values ($1, $2, 2, 1, 1, '{}')`, [tenantId, id]);
  if (ended === null) {
    await query(`insert into maru.job_queue (tenant_id, band, id, max_attempts) values ($1, 1, $2, 3)`, [tenantId, id]);
  } else await endOldJob(tenantId, id, ended);
  return id;
}

/** Ends a job so many days ago. */
export async function endOldJob(tenantId: string, id: string, ended: number): Promise<void> {
  await query('delete from maru.job_queue where tenant_id = $1 and id = $2', [tenantId, id]);
  await query(
    `insert into maru.job_ends (tenant_id, id, status, attempt, seq, finished_at, result)
     values ($1, $2, 1, 1, 2, now() - $3 * interval '1 day', '{"kind":"text","data":{},"digest":"sha256:1"}')`,
    [tenantId, id, ended],
  );
}
