import { Injectable } from '@nestjs/common';
import { PlatformPool } from '../database/role-pool.js';

/** What a tenant may use and what its jobs are doing. */
export interface TenantActivity {
  readonly tenantId: string;
  readonly analyzers: readonly string[];
  readonly jobs: {
    readonly queued: number;
    readonly running: number;
    readonly succeeded: number;
    readonly failed: number;
  };
}

const ACTIVITY = `
  select t.id as "tenantId",
         array(select a.slug from maru.analyzers a where a.tenant_id = t.id and a.enabled order by a.slug) as analyzers,
         json_build_object('queued', q.queued, 'running', q.running, 'succeeded', e.succeeded, 'failed', e.failed) as jobs
    from unnest($1::uuid[]) t(id)
   cross join lateral (
     select count(*) filter (where state = 0) as queued, count(*) filter (where state > 0) as running
       from maru.job_queue where tenant_id = t.id) q
   cross join lateral (
     select count(*) filter (where status = 1) as succeeded, count(*) filter (where status = 2) as failed
       from maru.job_ends where tenant_id = t.id) e`;

/** Activity of tenants, as maru_platform: counts and names, never an input or a result. */
@Injectable()
export class TenantActivityRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** One entry per tenant id, in no order. */
  async of(tenantIds: readonly string[]): Promise<TenantActivity[]> {
    return (await this.pool.query<TenantActivity>(ACTIVITY, [tenantIds])).rows;
  }
}
