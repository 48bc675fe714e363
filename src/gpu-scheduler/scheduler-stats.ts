import type { ResidencyStatus } from './device-place.js';
import type { DispatchView } from './dispatch-view.js';
import type { CoreSnapshot } from './fairfit/core-snapshot.js';
import type { ItemView } from './fairfit/item-view.js';
import type { SchedulerCounters } from './scheduler-metrics.js';

/** A device with what the core and the pool know of it. `kind` and `type` are as in the inference room. */
export type DeviceStats = CoreSnapshot['devices'][number] & {
  readonly kind: string;
  readonly type: string;
  readonly runtime: string;
  readonly models: readonly ResidencyStatus[];
};

/** A plain snapshot of the scheduler; goes into heartbeats and status pages as JSON. */
export interface SchedulerStats {
  readonly workerId: string;
  readonly isDraining: boolean;
  readonly lanes: CoreSnapshot['lanes'];
  readonly tenants: CoreSnapshot['tenants'];
  readonly bands: CoreSnapshot['bands'];
  /** Device time that no tenant caused, ms. */
  readonly platformMs: number;
  /** How good the estimated starts have been. */
  readonly eta: CoreSnapshot['eta'];
  readonly devices: readonly DeviceStats[];
  /** The latest inference batches, newest first. */
  readonly dispatches: readonly DispatchView[];
  readonly counters: SchedulerCounters;
}

/** Where an item stands and why it waits. */
export type WaitExplanation =
  | ({ readonly itemId: string; readonly state: 'queued' } & ItemView)
  | { readonly itemId: string; readonly state: 'in_flight' };

/** What became of the items that were there when the drain began. */
export interface DrainReport {
  readonly completedItems: number;
  /** Rejected for whatever reason; most with `draining`. */
  readonly rejectedItems: number;
  readonly waitedMs: number;
}
