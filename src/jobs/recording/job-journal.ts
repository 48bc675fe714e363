import type { JobModel, StoredResult } from '../job.js';
import type { EndStatus } from '../job-status.js';
import type { RerunVerdict } from '../rerun.js';
import type { ChainPlace, JobError, Stage, TransitionItem } from '../transition.js';
import { type Claim, itemIdOf } from './claim.js';

/** How an attempt ends the job. */
export interface JobEnd {
  readonly status: EndStatus;
  readonly cancelReason: 'client' | 'operator' | 'deadline' | null;
  readonly units: number;
  /** Device time charged, microseconds. */
  readonly deviceUs: number;
  readonly model: JobModel | null;
  readonly error: JobError | null;
  readonly result: StoredResult | null;
  /** Of a rerun that succeeded. */
  readonly rerunVerdict?: RerunVerdict | null;
}

/** How an attempt gives the job back to the queue. */
export interface JobRequeue {
  readonly delayMs: number;
  readonly alone: boolean;
  /** True when the attempt ended for no fault of the job, such as a drain: it uses none of its tries. */
  readonly blameless: boolean;
}

/** What ends an attempt in the journal. */
export type Closing =
  { readonly kind: 'end'; readonly end: JobEnd } | { readonly kind: 'requeue'; readonly requeue: JobRequeue };

/** Why an attempt has to stop early. */
export type StopReason = 'lease_lost' | 'cancel_asked' | 'deadline' | 'draining';

/**
 * A lost lease beats all: nothing may be written. A cancel beats the deadline: the queue row says so already. Both beat a
 * drain: the job must not go back to the queue.
 */
const WEIGHT: Readonly<Record<StopReason, number>> = { draining: 1, deadline: 2, cancel_asked: 3, lease_lost: 4 };

/**
 * The unwritten part of one attempt's timeline. The runner and the scheduler append; the recorder takes what is there,
 * writes it at `nextSeq` and reports back. One flush of a journal is in flight at a time.
 */
export class JobJournal {
  readonly itemId: string;
  /** What the attempt is in, set by the runner; told with its errors. */
  stage: Stage = 'prepare';
  /** Where the attempt is in a chain of models, set by the runner; null for an analyzer with one model. */
  step: Pick<ChainPlace, 'number' | 'of'> | null = null;
  private readonly stopper = new AbortController();
  private pending: TransitionItem[];
  private closing: Closing | null = null;
  private readonly closed = Promise.withResolvers<boolean>();
  private seq: number;
  private stopReason: StopReason | null = null;

  constructor(readonly claim: Claim) {
    this.itemId = itemIdOf(claim);
    this.seq = claim.seq;
    this.pending = [{ type: 'job.started', at: claim.claimedAt.toISOString() }];
  }

  /** Aborts when the attempt must stop: lease lost, cancel asked, deadline passed, drain. */
  get signal(): AbortSignal {
    return this.stopper.signal;
  }

  get stopped(): StopReason | null {
    return this.stopReason;
  }

  /** seq of the first transition that is not written yet. */
  get nextSeq(): number {
    return this.seq;
  }

  get unwritten(): readonly TransitionItem[] {
    return this.pending;
  }

  get close(): Closing | null {
    return this.closing;
  }

  /** Resolves true when the closing was committed, false when the lease had been lost. */
  get done(): Promise<boolean> {
    return this.closed.promise;
  }

  append(item: TransitionItem): void {
    if (!this.closing) this.pending.push(item);
  }

  /** The last word of this attempt; later calls are ignored. */
  closeWith(closing: Closing, ...items: TransitionItem[]): void {
    if (this.closing) return;
    this.pending.push(...items);
    this.closing = closing;
  }

  /** Asks the attempt to stop; the weightiest reason counts. */
  stop(reason: StopReason): void {
    if (this.stopReason === null || WEIGHT[reason] > WEIGHT[this.stopReason]) this.stopReason = reason;
    this.stopper.abort();
  }

  /** The first `count` unwritten items are committed. */
  written(count: number): void {
    this.pending = this.pending.slice(count);
    this.seq += count;
  }

  /** The closing is settled: committed, or void because another holds the job. */
  settle(committed: boolean): void {
    if (!committed) this.stop('lease_lost');
    this.pending = [];
    this.closed.resolve(committed);
  }
}
