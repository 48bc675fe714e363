import { api, read } from '../api/client.js';
import { isTerminal, type Job, type JobStatus } from '../api/types.js';

export interface JobPage {
  readonly data: Job[];
  readonly nextPageToken: string | null;
}

export interface JobQuery {
  readonly limit: number;
  readonly status?: JobStatus | undefined;
}

/** How often a list looks again: often while something is going on, else now and then. */
const ACTIVE_MS = 2_000;
const QUIET_MS = 20_000;

/** One page of jobs, newest first. */
export function readJobs({ limit, status }: JobQuery, pageToken: string): Promise<JobPage> {
  const query = { limit, ...(status ? { status: [status] } : {}), ...(pageToken ? { pageToken } : {}) };
  return read(
    api.GET('/v1/jobs', { params: { query } }) as Promise<{ data?: JobPage; error?: unknown; response: Response }>,
  );
}

/** Milliseconds until the list should be read again. */
export function refetchMs(pages: readonly JobPage[] | undefined): number {
  return pages?.some((page) => page.data.some((job) => !isTerminal(job.status))) ? ACTIVE_MS : QUIET_MS;
}
