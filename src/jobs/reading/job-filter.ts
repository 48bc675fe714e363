import type { JobStatus } from '../job-status.js';

/** Which jobs of a tenant a list shows. */
export interface JobFilter {
  readonly statuses: readonly JobStatus[] | null;
  /** Slug. */
  readonly analyzer: string | null;
  readonly createdAfter: Date | null;
  readonly createdBefore: Date | null;
  /** Every pair must match. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly order: 'asc' | 'desc';
}

/** One page of a list; `afterId` is the uuid of the last job of the page before. */
export interface JobPageRequest {
  readonly filter: JobFilter;
  readonly limit: number;
  readonly afterId: string | null;
}
