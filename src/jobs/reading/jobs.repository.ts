import { Injectable } from '@nestjs/common';
import { plainArray } from '../../database/array-parameters.js';
import { TenantDb } from '../../database/tenant-db.js';
import type { JobRows, TimelineRows } from '../job.js';
import type { JobPageRequest } from './job-filter.js';
import {
  COUNT_AHEAD,
  COUNT_AHEAD_OF,
  FIND_JOBS,
  FIND_TIMELINES,
  findJob,
  LAST_SEQS,
  type ResultDetail,
} from './jobs.sql.js';
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

  /** The rows of those of these jobs that the tenant has. */
  findMany(tenantId: string, ids: readonly string[]): Promise<JobRows[]> {
    return this.db.one<JobRows & { id: string }>(tenantId, {
      name: 'jobs-find',
      text: FIND_JOBS,
      values: [tenantId, plainArray(ids)],
    });
  }

  /** The same without inputs and results. */
  findTimelines(tenantId: string, ids: readonly string[]): Promise<TimelineRows[]> {
    return this.db.one<TimelineRows & { id: string }>(tenantId, {
      name: 'job-timelines-find',
      text: FIND_TIMELINES,
      values: [tenantId, plainArray(ids)],
    });
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

  /** The same for several jobs; those that do not wait, or cannot be counted, are missing. */
  countAheadOf(tenantId: string, ids: readonly string[]): Promise<{ id: string; ahead: number }[]> {
    return this.db.one<{ id: string; ahead: number }>(tenantId, {
      name: 'jobs-count-ahead',
      text: COUNT_AHEAD_OF,
      values: [tenantId, plainArray(ids), MAX_COUNTED + 1],
    });
  }

  /** The newest seq of each of these jobs. */
  async lastSeqs(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const rows = await this.db.one<{ id: string; seq: number }>(tenantId, {
      name: 'job-last-seqs',
      text: LAST_SEQS,
      values: [tenantId, plainArray(ids)],
    });
    return new Map(rows.map((r) => [r.id, r.seq]));
  }
}
