import { newUuid } from '../../src/common/ids.js';
import { query } from './job-fixtures.js';

/** What a job that has ended is to be. */
export interface EndedJob {
  /** When it ended. */
  readonly at: Date;
  readonly analyzer?: string;
  readonly by?: string;
  readonly units?: number;
  readonly deviceUs?: number;
}

const RECEIPT = {
  type: 'stage.completed',
  stage: 'infer',
  at: '2026-11-23T02:00:00.000Z',
  execution: { batchSize: 1 },
};

/** The rows of a job that succeeded, with its ledger entry and receipt. Returns its uuid. */
export async function endedJob(tenantId: string, job: EndedJob): Promise<string> {
  const id = newUuid();
  const { at, analyzer = 'digit-reader', by = 'key_01m8323e5rfbnv28231hc5mh2z', units = 1, deviceUs = 1_000 } = job;
  await query(
    `insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, created_by, input_digest)
     values ($1, $2, $3, $4, '1', 1, 3, $5, 'sha256:0')`,
    [tenantId, id, newUuid(), analyzer, by],
  );
  await query(
    `insert into maru.job_ends (tenant_id, id, status, attempt, seq, finished_at, units, device_us, log) values ($1, $2, 1, 1, 7, $3, $4, $5, $6)`,
    [tenantId, id, at, units, deviceUs, JSON.stringify(RECEIPT)],
  );
  await query(
    `insert into maru.usage_ledger (tenant_id, job_id, attempt, kind, units, device_us, at) values ($1, $2, 1, 1, $3, $4, $5)`,
    [tenantId, id, units, deviceUs, at],
  );
  return id;
}
