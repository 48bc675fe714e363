import { newUuid } from '../../src/common/ids.js';
import { adminQuery } from './admin-query.js';

/** Inserts queued jobs of one tenant straight into the tables, as the submit statement would. Returns their ids. */
export async function insertQueuedJobs(tenantId: string, count: number, maxAttempts = 3): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newUuid());
  const list = ids.map((id) => `'${id}'`).join(',');
  await adminQuery(
    process.env.DATABASE_URL!,
    `insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, input_digest, input)
     select '${tenantId}', id, gen_random_uuid(), 'digit-reader', '1', 1, ${maxAttempts}, 'sha256:0', '{}' from unnest(array[${list}]::uuid[]) id`,
    `insert into maru.job_queue (tenant_id, band, id, max_attempts)
     select '${tenantId}', 1, id, ${maxAttempts} from unnest(array[${list}]::uuid[]) id`,
  );
  return ids;
}
