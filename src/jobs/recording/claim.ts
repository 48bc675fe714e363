import type { RerunPin } from '../rerun.js';

/** A job as a claim hands it to this worker: everything that an attempt needs. */
export interface Claim {
  readonly tenantId: string;
  readonly jobId: string;
  /** 0 interactive, 1 standard, 2 bulk. */
  readonly band: number;
  /** From 1. */
  readonly attempt: number;
  readonly maxAttempts: number;
  /** seq of this attempt's `job.started`. */
  readonly seq: number;
  /** Fencing token, a bigint in text form: whoever holds another one may write nothing about this job. */
  readonly token: string;
  readonly claimedAt: Date;
  readonly deadline: Date | null;
  /** True after a crash took a whole inference batch down: run in batches of one. */
  readonly alone: boolean;
  /** Share of its tenant against others. */
  readonly weight: number;
  readonly analyzerSlug: string;
  readonly analyzerVersion: string;
  readonly test: boolean;
  readonly traceId: string | null;
  readonly input: Readonly<Record<string, unknown>>;
  /** Set on a rerun. */
  readonly pin: RerunPin | null;
}

/** Key under which the scheduler knows an attempt. */
export function itemIdOf(claim: Claim): string {
  return `${claim.jobId}/${claim.attempt}`;
}

/** Key of one row of a step of a chain, which the scheduler gets as an item of its own. */
export function rowItemIdOf(attemptItemId: string, step: number, row: number): string {
  return `${attemptItemId}/${step}.${row}`;
}

/** Key of the attempt that an item belongs to. */
export function attemptItemIdOf(itemId: string): string {
  const end = itemId.indexOf('/', itemId.indexOf('/') + 1);
  return end < 0 ? itemId : itemId.slice(0, end);
}
