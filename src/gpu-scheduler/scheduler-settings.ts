import os from 'node:os';
import type { FairFitOptions } from './fairfit/options.js';
import type { DeadlineAction, PriorityBand } from './work-item.js';

/** What the composition root may tell the scheduler; every field has a default. */
export class SchedulerSettings {
  /** Name of this worker in receipts. Default: host name and process id. */
  readonly workerId: string = `${os.hostname()}/${process.pid}`;
  /** Rows of a tenant that a claimer may have here while nothing is known of costs: four batches of 32. Default 128. */
  readonly windowRows: number = 4 * 32;
  /** Longest time for which a claimer may have work of a tenant here, at the tenant's share, ms. Default 2000. */
  readonly windowMs: number = 2_000;
  /** Rows a tenant may have queued when its items name no `maxEnqueued`. Default 1024. */
  readonly maxEnqueued: number = 1024;
  /** Bytes of tensors that all queued and running items may hold. Default 512 MiB. */
  readonly maxEnqueuedBytes: number = 512 * 2 ** 20;
  /** Longest time for which a lane may be held for a better batch after its oldest item came, ms. Default: no bound but the deadlines. */
  readonly maxQueueDelayMs: number = Infinity;
  /** What becomes of an item whose deadline cannot be met, when it does not say itself. Default `fail`. */
  readonly deadlineAction: DeadlineAction = 'fail';
  /** Reserved share of busy device time per band while it has work, 0 to 1. Default 0.05 each for standard and bulk. */
  readonly bandFloors: Readonly<Record<PriorityBand, number>> = { interactive: 0, standard: 0.05, bulk: 0.05 };
  /**
   * Memory for models on each device, bytes: with less than all models need, they are loaded and evicted by demand.
   * Default null: every model stays on every device.
   */
  readonly deviceMemoryBytes: number | null = null;
  /** How long queued items may still run after the process was asked to stop, ms. Default 10 000. */
  readonly drainMs: number = 10_000;

  /** What of it the core decides by. */
  get coreOptions(): Partial<FairFitOptions> {
    const { maxQueueDelayMs, bandFloors } = this;
    return { maxQueueDelayMs, bandFloors };
  }

  constructor(given: Partial<SchedulerSettings> = {}) {
    Object.assign(this, given);
  }
}
