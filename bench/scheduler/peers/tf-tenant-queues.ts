import type { Policy, Run } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { type ItemQueue, queues } from './item-queue.js';
import type { PeerView } from './peer-view.js';

export interface TenantQueueKnobs {
  /** Largest batch. */
  readonly cap: number;
  /** Batch timeout, ms. */
  readonly timeoutMs: number;
  /** Full batches that a queue may hold. */
  readonly enqueuedBatches: number;
}

/** TF Serving set up with one queue per tenant and model; round robin over all of them. */
export class TfTenantQueues implements Policy {
  private readonly all: readonly ItemQueue[];
  private last = -1;
  private wake = Infinity;

  constructor(
    private readonly view: PeerView,
    private readonly knobs: TenantQueueKnobs,
  ) {
    this.all = queues(view.lanes.length * view.weights.length);
  }

  arrive(item: SimItem): void {
    const queue = this.all[item.tenant * this.view.lanes.length + item.lane];
    if (queue && queue.length < this.knobs.enqueuedBatches * this.knobs.cap) queue.push(item);
  }

  ask(now: number, free: readonly number[]): Run | null {
    this.wake = Infinity;
    const { cap, timeoutMs } = this.knobs;
    for (let turn = 1; turn <= this.all.length; turn += 1) {
      const at = (this.last + turn) % this.all.length;
      const queue = this.all[at] as ItemQueue;
      if (!queue.head) continue;
      const readyAt = queue.length >= cap ? now : queue.head.arrivedAt + timeoutMs;
      if (readyAt <= now) {
        this.last = at;
        return { device: free[0] ?? 0, lane: at % this.view.lanes.length, items: queue.take(cap), withLoad: false };
      }
      this.wake = Math.min(this.wake, readyAt);
    }
    return null;
  }

  wakeAt(): number {
    return this.wake;
  }
}
