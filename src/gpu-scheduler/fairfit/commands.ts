import type { SchedulerErrorCode } from '../gpu-scheduler.errors.js';
import type { DispatchReason, PriorityBand, WaitReason } from '../work-item.js';

/** Why an item waited, in ms; the parts add up to the whole wait. Parts of 0 ms are left out. */
export type Waits = readonly { readonly reason: WaitReason; readonly ms: number }[];

/** An item's place in an inference batch. */
export interface BatchSlot {
  readonly itemId: string;
  /** Position of the item's first row, from 0. */
  readonly slot: number;
  readonly size: number;
  /** Part of the run, and of the load before it, that the item pays for; adds up to 1 over the batch. */
  readonly share: number;
  /** From enqueue to dispatch, ms. */
  readonly waitMs: number;
  readonly waits: Waits;
}

/** Run these items on this device now. `batch` is the core's own number, not the public id. */
export interface RunBatchCommand {
  readonly type: 'runBatch';
  readonly batch: number;
  readonly device: string;
  readonly lane: string;
  readonly modelVersionId: string;
  readonly shapeBucket: string;
  readonly items: readonly BatchSlot[];
  readonly rows: number;
  /** L(rows), ms. */
  readonly predictedMs: number;
  /** Time of the load that this batch pays for, ms; 0 = the model was resident and paid for. */
  readonly loadMs: number;
  readonly band: PriorityBand;
  /** Limit of the run, ms. */
  readonly deadlineMs: number;
  readonly dispatchReason: DispatchReason;
}

/** Tell the submitter that its item will not run. */
export interface RejectCommand {
  readonly type: 'reject';
  readonly itemId: string;
  readonly code: SchedulerErrorCode;
  readonly message: string;
  /** Set with `queue_full`. */
  readonly retryAfterMs?: number;
}

/** The run outlived its limit and the runtime gave no answer: its items count as lost, the device stays busy. */
export interface AbandonBatchCommand {
  readonly type: 'abandonBatch';
  readonly batch: number;
}

/**
 * Make the model resident on this device, which runs nothing meanwhile. Answer with `loaded` or `loadFailed`. Comes
 * after every `unloadModel` that it needs was confirmed.
 */
export interface LoadModelCommand {
  readonly type: 'loadModel';
  readonly device: string;
  readonly modelVersionId: string;
  /** Expected time, ms. */
  readonly expectedMs: number;
}

/** Give the memory of this copy back; nothing runs on it. Answer with `unloaded`. */
export interface UnloadModelCommand {
  readonly type: 'unloadModel';
  readonly device: string;
  readonly modelVersionId: string;
}

/** Replace the one timer; null = disarm. Monotonic ms. */
export interface ArmTimerCommand {
  readonly type: 'armTimer';
  readonly atMs: number | null;
}

export type Command =
  RunBatchCommand | RejectCommand | AbandonBatchCommand | LoadModelCommand | UnloadModelCommand | ArmTimerCommand;
