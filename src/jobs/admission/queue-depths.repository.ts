import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { plainArray } from '../../database/array-parameters.js';
import { IngestPool } from '../../database/role-pool.js';

/** A queue of millions of rows that nobody vacuumed takes seconds. */
const COUNT_TIMEOUT_MS = 15_000;

/** One statement, so the snapshot is that of the count. An index-only scan: 0.3 s for a million jobs, 1.3 to 1.9 s when nobody vacuumed. */
const COUNT = `
select pg_current_snapshot()::text as snapshot, coalesce(json_object_agg(tenant_id, jobs), '{}') as jobs
  from (select tenant_id, count(*) as jobs from maru.job_queue group by tenant_id) d`;

const LIMITS = `
select t.id, coalesce(o.quota, t.max_queued_jobs)::float8 as "maxQueuedJobs"
  from unnest($1::uuid[]) u(id) join maru.tenants t on t.id = u.id
  left join maru.tenant_quotas o on o.tenant_id = t.id and o.name = 'queued' and (o.expires_at is null or o.expires_at > now())`;

/** How many jobs have not ended, by tenant; and how many may, as maru_ingest. */
@Injectable()
export class QueueDepthsRepository {
  constructor(private readonly pool: IngestPool) {}

  /** Every tenant with jobs, and what the statement saw, as pg_current_snapshot() writes it. */
  async count(): Promise<{ snapshot: string; jobs: Readonly<Record<string, number>> }> {
    const { rows } = await this.pool.query<{ snapshot: string; jobs: Record<string, number> }>({
      name: 'queue-depths',
      text: COUNT,
      query_timeout: COUNT_TIMEOUT_MS,
    } as pg.QueryConfig);
    return rows[0]!;
  }

  /** The limits of those of the tenants that exist. */
  async limits(tenantIds: readonly string[]): Promise<{ id: string; maxQueuedJobs: number }[]> {
    const { rows } = await this.pool.query<{ id: string; maxQueuedJobs: number }>({
      name: 'queue-limits',
      text: LIMITS,
      values: [plainArray(tenantIds)],
    });
    return rows;
  }
}
