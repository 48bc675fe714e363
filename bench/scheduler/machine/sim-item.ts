import type { PriorityBand } from '../../../src/gpu-scheduler/work-item.js';

/** One item of simulated work. Times are simulated ms from the start; lane and tenant are indexes. */
export class SimItem {
  /** Infinity until it is done. */
  finishedAt = Infinity;

  constructor(
    readonly arrivedAt: number,
    /** Infinity = undated. */
    readonly deadline: number,
    readonly lane: number,
    readonly tenant: number,
    readonly kind: ItemKind = ORDINARY,
  ) {}

  get isOnTime(): boolean {
    return this.finishedAt < Infinity && this.finishedAt <= this.deadline;
  }
}

/** What items of one stream have in common beyond lane, tenant and deadline. */
export interface ItemKind {
  readonly band: PriorityBand;
  /** Units that the policy is told. */
  readonly size: number;
  /** Run time over what the line says for its units. */
  readonly costFactor: number;
}

export const ORDINARY: ItemKind = { band: 'standard', size: 1, costFactor: 1 };
