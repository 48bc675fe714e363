/** A job's life. docs/job-states.md draws it; nothing may move a job in a way that MOVES does not list. */
export const JOB_STATUSES = ['queued', 'running', 'canceling', 'succeeded', 'failed', 'canceled', 'expired'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

const MOVES: Readonly<Record<JobStatus, readonly JobStatus[]>> = {
  queued: ['running', 'canceled', 'expired'],
  running: ['succeeded', 'failed', 'canceling', 'queued'],
  canceling: ['canceled', 'succeeded', 'failed'],
  succeeded: [],
  failed: [],
  canceled: [],
  expired: [],
};

/** `job_ends.status` by number. */
export const END_STATUS = { succeeded: 1, failed: 2, canceled: 3, expired: 4 } as const;
export type EndStatus = keyof typeof END_STATUS;
const END_NAMES = Object.keys(END_STATUS) as EndStatus[];

/** The status behind a number of `job_ends.status`. */
export function endStatusOf(code: number): EndStatus {
  const name = END_NAMES[code - 1];
  if (!name) throw new RangeError(`unknown end status ${code}`);
  return name;
}

/** True for a status that is never left. */
export function isTerminal(status: JobStatus): status is EndStatus {
  return MOVES[status].length === 0;
}

/** Throws when a job may not go from one status to the other. */
export function assertMove(from: JobStatus, to: JobStatus): void {
  if (from !== to && !MOVES[from].includes(to)) throw new Error(`a job cannot go from ${from} to ${to}`);
}
