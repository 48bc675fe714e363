import pg from 'pg';
import { expect } from 'vitest';
import { query } from './job-fixtures.js';
import { storedTenant } from './jobs-http.js';

/** The body of an error answer. */
export interface Problem {
  readonly type: string;
  readonly code: string;
  readonly detail: string;
  readonly retryAfter: number | null;
}

/** A small job without files. */
export const SIGNAL = { analyzer: 'signal-anomaly', input: { values: Array.from({ length: 256 }, (_, i) => i % 7) } };

export type Submit = ReturnType<typeof submitter>;

/** Posts jobs to one process, as a tenant whose uuid is its token. A null body sends none. */
export function submitter(baseUrl: string) {
  return (tenant: string, headers: Record<string, string> = {}, path = '/v1/jobs', body: object | null = SIGNAL) =>
    fetch(baseUrl + path, {
      method: 'POST',
      body: body && JSON.stringify(body),
      headers: {
        authorization: `Bearer ${tenant}`,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
    });
}

/** A tenant that has submitted `jobs` jobs and may have `limit`. */
export async function fullTenant(submit: Submit, jobs: number, limit = jobs): Promise<string> {
  const tenant = await storedTenant('signal-anomaly', 'surface-inspection');
  if (limit > 0) await query('update maru.tenants set max_queued_jobs = $2 where id = $1', [tenant, limit]);
  for (let i = 0; i < jobs; i++) expect((await submit(tenant)).status).toBe(202);
  return tenant;
}

/** How often each status was answered. Reads the answers to their ends. */
export async function statusesOf(answers: readonly Promise<Response>[]): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (const answer of await Promise.all(answers)) {
    await answer.arrayBuffer();
    counts[answer.status] = (counts[answer.status] ?? 0) + 1;
  }
  return counts;
}

/** What the database holds of a tenant. */
export async function rowsOf(tenant: string): Promise<Record<string, number>> {
  const tables = { jobs: 'jobs', queued: 'job_queue', files: 'files', keys: 'idempotency_keys' };
  const counts = Object.entries(tables).map(
    ([name, table]) => `(select count(*)::int from maru.${table} where tenant_id = $1) as ${name}`,
  );
  return (await query<Record<string, number>>(`select ${counts.join(', ')}`, [tenant]))[0]!;
}

/** Does the work while nobody can write to this table of the schema maru; with `mode` access exclusive, nor read it. */
export async function whileLocked<T>(table: string, mode: 'share' | 'access exclusive', work: () => Promise<T>) {
  const client = new pg.Client({ connectionString: process.env['DATABASE_URL'] });
  await client.connect();
  try {
    await client.query(`begin; lock table maru.${table} in ${mode} mode`);
    return await work();
  } finally {
    await client.end();
  }
}
