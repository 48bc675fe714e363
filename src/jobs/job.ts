import type { PriorityBand } from '../gpu-scheduler/work-item.js';
import { assertMove, endStatusOf, type JobStatus } from './job-status.js';
import type { RerunVerdict } from './rerun.js';
import { type JobError, parseSegment, statusAfter, type Transition, type TransitionItem } from './transition.js';

/** Model identity on a job and in its receipt. */
export interface JobModel {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly digest: string;
}

/** The rows of one job, read in one statement (one snapshot). */
export interface JobRows {
  readonly tenantId: string;
  readonly id: string;
  readonly analyzerSlug: string;
  readonly analyzerVersion: string;
  readonly priority: number;
  readonly maxAttempts: number;
  readonly test: boolean;
  readonly createdAt: Date;
  readonly deadline: Date | null;
  readonly traceId: string | null;
  readonly inputDigest: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Null once the job's data was erased. */
  readonly input: Readonly<Record<string, unknown>> | null;
  readonly retriedFrom: string | null;
  readonly rerunOf: string | null;
  readonly erasedAt: Date | null;
  readonly queue: {
    readonly state: number;
    readonly attempt: number;
    readonly seq: number;
    readonly claimedAt: string | null;
  } | null;
  readonly end: {
    readonly status: number;
    readonly attempt: number;
    readonly seq: number;
    readonly finishedAt: string;
    readonly units: number;
    readonly deviceUs: number;
    /** What the plan of its time bills; none without a price. */
    readonly amount?: { readonly value: string; readonly currency: string } | null;
    readonly cancelReason: string | null;
    readonly model: JobModel | null;
    readonly error: JobError | null;
    readonly result: StoredResult | null;
    readonly rerunVerdict: RerunVerdict | null;
    /** When input and result are erased. */
    readonly expiresAt: string;
    readonly log: string | null;
  } | null;
  readonly segments: readonly {
    readonly seq: number;
    readonly n: number;
    readonly attempt: number;
    readonly items: string;
  }[];
}

/** `job_ends.result`. */
export interface StoredResult {
  readonly kind: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** `sha256:` + hex of the canonical JSON of kind and data. */
  readonly digest: string;
}

/** Bands by `jobs.priority`. */
export const BANDS: readonly PriorityBand[] = ['interactive', 'standard', 'bulk'];

/** The part of a job's rows that its timeline is unfolded from. */
export type TimelineRows = Pick<JobRows, 'id' | 'createdAt' | 'queue' | 'segments'> & {
  readonly end: Pick<NonNullable<JobRows['end']>, 'status' | 'attempt' | 'seq' | 'log'> | null;
};

/** Where a job stands and how it came there. */
export interface Timeline {
  readonly status: JobStatus;
  /** Highest seq. */
  readonly seq: number;
  readonly attempt: number;
  readonly transitions: readonly Transition[];
}

/** A job and its whole timeline, unfolded from its rows. */
export interface Job extends Timeline {
  readonly rows: JobRows;
}

/** A job out of its rows. @throws as unfoldTimeline */
export function unfoldJob(rows: JobRows): Job {
  return { rows, ...unfoldTimeline(rows) };
}

/**
 * Unfolds the packed timeline: seq 1 is the jobs row, then the segments, then `job.started` while only the queue row
 * stands for it, then the last segment kept with the end. Throws when seq has a gap or a move is not allowed: the
 * tables are the truth and such a state must never be shown as if it were one.
 */
export function unfoldTimeline(rows: TimelineRows): Timeline {
  const transitions: Transition[] = [];
  let status: JobStatus = 'queued';
  const append = (seq: number, attempt: number, item: TransitionItem): void => {
    if (seq !== transitions.length + 1)
      throw new Error(`job ${rows.id}: transition ${seq} follows ${transitions.length}`);
    const next = statusAfter(item.type, status);
    assertMove(status, next);
    status = next;
    transitions.push({ ...item, seq, attempt, status });
  };
  append(1, 0, { type: 'job.queued', at: rows.createdAt.toISOString() });
  for (const s of rows.segments) parseSegment(s.items).forEach((item, i) => append(s.seq + i, s.attempt, item));
  const { queue, end } = rows;
  if (queue && queue.state > 0 && queue.claimedAt && queue.seq > transitions.length) {
    append(queue.seq, queue.attempt, { type: 'job.started', at: queue.claimedAt });
  }
  if (end?.log) {
    const items = parseSegment(end.log);
    items.forEach((item, i) => append(end.seq - items.length + 1 + i, end.attempt, item));
  }
  if (end) assertEnd(rows.id, status, endStatusOf(end.status));
  return { status, seq: transitions.length, attempt: end?.attempt ?? queue?.attempt ?? 0, transitions };
}

function assertEnd(id: string, shown: JobStatus, stored: JobStatus): void {
  if (shown !== stored) throw new Error(`job ${id}: the timeline ends ${shown}, its end row says ${stored}`);
}
