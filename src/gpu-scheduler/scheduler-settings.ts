import os from 'node:os';

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
  /** How long queued items may still run after the process was asked to stop, ms. Default 10 000. */
  readonly drainMs: number = 10_000;

  constructor(given: Partial<SchedulerSettings> = {}) {
    Object.assign(this, given);
  }
}
