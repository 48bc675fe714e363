import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { RecentJob } from './recent-model.js';

/** A job that succeeded, and whose job it was. */
export interface RecentRow extends RecentJob {
  readonly analyzer: string;
}

/** Ends of all analyzers of a tenant that one read looks at, newest first. No index knows the analyzer. */
const MAX_ENDS = 2_000;

/** $1 tenant. Along the primary keys; ids of version 7 are in the order of creation. */
const FIND = `
select e.id, j.analyzer_slug as analyzer, extract(epoch from j.created_at)::float8 * 1000 as "createdAtMs",
       extract(epoch from e.finished_at)::float8 * 1000 as "finishedAtMs"
  from (select id, status, finished_at from maru.job_ends
         where tenant_id = $1 and id >= maru.uuid_floor(now() - interval '7 days')
         order by tenant_id desc, id desc limit ${MAX_ENDS}) e
 cross join lateral (
   select analyzer_slug, created_at from maru.jobs where tenant_id = $1 and id = e.id limit 1) j
 where e.status = 1 order by e.id desc`;

/** The latest jobs of a tenant that succeeded, as the tenant. */
@Injectable()
export class RecentJobsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Those of the last 7 days, among the tenant's latest 2,000 ends; newest first. */
  find(tenantId: string): Promise<RecentRow[]> {
    const query = { name: 'jobs-recent', text: FIND, values: [tenantId] };
    return this.db.one<RecentRow & Record<string, unknown>>(tenantId, query);
  }
}
