import { Injectable } from '@nestjs/common';
import { PlatformPool } from '../database/role-pool.js';

/** The history of one job as it is stored: segments of transitions, each of one attempt. */
export interface StoredSegment {
  readonly attempt: number;
  /** Transitions as JSON, joined by commas. */
  readonly items: string;
}

/** One probe a tenant: an operator knows the job's id alone, and every key begins with the tenant. */
const SEGMENTS = `
with j as materialized (
  select j.tenant_id, j.id from maru.tenants t
   cross join lateral (select tenant_id, id from maru.jobs where tenant_id = t.id and id = $1 offset 0) j)
select s.attempt, s.items from j join maru.job_timeline s on s.tenant_id = j.tenant_id and s.job_id = j.id
union all
select e.attempt, e.log from j join maru.job_ends e on e.tenant_id = j.tenant_id and e.id = j.id where e.log is not null`;

/** Histories of jobs of all tenants, for operators. */
@Injectable()
export class JobHistoryRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** Oldest first; none when there is no such job. @param jobId uuid */
  async segments(jobId: string): Promise<readonly StoredSegment[]> {
    const { rows } = await this.pool.query<StoredSegment>({ name: 'job-history', text: SEGMENTS, values: [jobId] });
    return rows.toSorted((a, b) => a.attempt - b.attempt);
  }
}
