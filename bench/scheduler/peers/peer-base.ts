import type { Policy, Run } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { type ItemQueue, queues } from './item-queue.js';
import type { PeerView } from './peer-view.js';

/** A peer with one queue per model, any free device will do. `pick` leaves the batch to run, or null and `wake`. */
export abstract class LaneQueuePeer implements Policy {
  protected readonly queues: readonly ItemQueue[];
  /** When to pick again though nothing happens. */
  protected wake = Infinity;

  constructor(protected readonly view: PeerView) {
    this.queues = queues(view.lanes.length);
  }

  arrive(item: SimItem, _now: number): void {
    this.queue(item.lane).pushByDeadline(item);
  }

  ask(now: number, free: readonly number[]): Run | null {
    this.wake = Infinity;
    const picked = this.pick(now);
    const device = free[0];
    if (!picked || picked.items.length === 0 || device === undefined) return null;
    return { device, lane: picked.lane, items: picked.items, withLoad: false };
  }

  wakeAt(): number {
    return this.wake;
  }

  protected abstract pick(now: number): Picked | null;

  protected queue(lane: number): ItemQueue {
    return this.queues[lane] as ItemQueue;
  }
}

/** A batch that is to run. */
export interface Picked {
  readonly lane: number;
  readonly items: SimItem[];
}
