import type { Receipt } from './work-item.js';

/** A stage of an item that ended inside the scheduler. Times are epoch ms. */
export interface StageTransition {
  readonly itemId: string;
  readonly stage: 'batch' | 'infer';
  readonly enteredAt: number;
  readonly completedAt: number;
  /** Set on `infer`. */
  readonly receipt: Receipt | null;
}

/**
 * Port through which the scheduler reports stage transitions. The jobs room implements it, the composition root binds
 * it. `record` must return at once and must not throw; transitions of one item arrive in order.
 */
export abstract class StageRecorder {
  abstract record(transitions: readonly StageTransition[]): void;
}
