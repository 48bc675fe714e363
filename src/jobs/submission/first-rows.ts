import type { JobRows } from '../job.js';
import type { NewJob } from './new-job.js';

/** The rows of a job at the moment of its commit: what its first answer shows, without reading it again. */
export function firstRowsOf(job: NewJob, createdAt: Date): JobRows {
  return {
    tenantId: job.tenantId,
    id: job.id,
    analyzerSlug: job.analyzerSlug,
    analyzerVersion: job.analyzerVersion,
    priority: job.priority,
    maxAttempts: job.maxAttempts,
    test: job.test,
    createdAt,
    deadline: job.deadline,
    traceId: job.traceId,
    inputDigest: job.inputDigest,
    metadata: job.metadata,
    input: job.input,
    retriedFrom: job.origin?.retriedFrom ?? null,
    rerunOf: job.origin?.rerunOf ?? null,
    erasedAt: null,
    ...UNTOUCHED,
  };
}

/** The same rows of a job that was read later: its first answer again. */
export function asFirstAnswered(rows: JobRows): JobRows {
  return { ...rows, ...UNTOUCHED };
}

const UNTOUCHED = { queue: { state: 0, attempt: 0, seq: 1, claimedAt: null }, end: null, segments: [] };
