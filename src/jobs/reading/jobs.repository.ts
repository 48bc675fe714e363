import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { JobRows } from '../job.js';
import type { JobPageRequest } from './job-filter.js';
import { COUNT_AHEAD, findJob, LAST_SEQS, type ResultDetail } from './jobs.sql.js';
import { listJobs } from './list-jobs.sql.js';

/** Places are counted up to here; further back the place is not known. Counting 10,000 index entries takes about 2 ms. */
const MAX_COUNTED = 10_000;

/** Reads of jobs, each one statement in one tenant: one round trip and one snapshot. */
@Injectable()
export class JobsRepository {
  constructor(private readonly db: TenantDb) {}

  /** The rows of one job; null when the tenant has no such job. */
  async findOne(tenantId: string, id: string, detail: ResultDetail = 'inline'): Promise<JobRows | null> {
    const [row] = await this.db.one<JobRows & { id: string }>(tenantId, {
      name: `job-find-${detail}`,
      text: findJob(detail),
      values: [tenantId, id],
    });
    return row ?? null;
  }

  /** Up to `limit + 1` jobs, without results. */
  findPage(tenantId: string, page: JobPageRequest): Promise<JobRows[]> {
    return this.db.one<JobRows & { id: string }>(tenantId, listJobs(tenantId, page));
  }

  /** How many of the tenant's jobs wait before this one; null when more than can be counted. */
  async countAhead(tenantId: string, band: number, id: string): Promise<number | null> {
    const [row] = await this.db.one<{ ahead: number }>(tenantId, {
      name: 'job-count-ahead',
      text: COUNT_AHEAD,
      values: [tenantId, band, id, MAX_COUNTED + 1],
    });
    return row && row.ahead <= MAX_COUNTED ? row.ahead : null;
  }

  /** The newest seq of each of these jobs. */
  async lastSeqs(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.db.one<{ id: string; seq: number }>(tenantId, {
      name: 'job-last-seqs',
      text: LAST_SEQS,
      values: [tenantId, `{${ids.join(',')}}`],
    });
    return new Map(rows.map((r) => [r.id, r.seq]));
  }
}
