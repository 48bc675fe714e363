import type { BandAccount } from './band-account.js';
import type { EnqueuedItem } from './events.js';
import type { TenantAccount } from './tenant-account.js';
import type { WaitClock } from './wait-clock.js';

/** An accepted item. */
export class Item {
  state: 'queued' | 'running' | 'gone' = 'queued';
  /** Deadline of a dated item, the instant from which an undated one is aged; monotonic ms. */
  dueMs = 0;
  isDated = false;
  /** Expected device ms, frozen at enqueue so that the books subtract what they added. */
  queuedMs = 0;
  sloClass = 0;
  /** Expected wait at enqueue, ms; null = no device could run it then. */
  etaMs: number | null = null;
  /** Rows. */
  readonly size: number;

  /** @param home number of its lane and band */
  constructor(
    readonly facts: EnqueuedItem,
    readonly seq: number,
    readonly tenant: TenantAccount,
    readonly account: BandAccount,
    readonly home: number,
    readonly wait: WaitClock,
  ) {
    this.size = facts.size;
  }
}
