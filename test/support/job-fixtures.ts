import pg from 'pg';
import { newUuid } from '../../src/common/ids.js';
import type { NewJob } from '../../src/jobs/submission/new-job.js';

/** A tenant that may use one analyzer. */
export interface JobTenant {
  readonly tenantId: string;
  readonly analyzerId: string;
}

/** Runs one statement as the owner of the test database. */
export async function query<R extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  try {
    return (await client.query<R>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** A tenant id with one enabled analyzer. */
export async function jobTenant(slug = 'digit-reader', enabled = true): Promise<JobTenant> {
  const tenant = { tenantId: newUuid(), analyzerId: newUuid() };
  const values = [tenant.tenantId, tenant.analyzerId, slug, enabled];
  await query('insert into maru.analyzers (tenant_id, id, slug, enabled) values ($1, $2, $3, $4)', values);
  return tenant;
}

/** A job of this tenant that can be written. */
export function newJob(tenant: JobTenant, changes: Partial<NewJob> = {}): NewJob {
  return {
    ...tenant,
    id: newUuid(),
    analyzerSlug: 'digit-reader',
    analyzerVersion: '1',
    priority: 1,
    maxAttempts: 3,
    test: false,
    deadline: null,
    createdBy: 'key_01m8323e5rfbnv28231hc5mh2z',
    traceId: null,
    inputDigest: 'sha256:0',
    metadata: { order: '42', note: '따옴표 "q" \\ {curly}' },
    input: { image: { fileId: 'file_01m8323f50ecdtnmz19wr9rz7h' }, threshold: 0.5 },
    origin: null,
    idempotency: null,
    ...changes,
  };
}
