import type { Item } from './item.js';
import type { Queues } from './queues.js';

/** Finds items that can no longer finish in time: O(log n) each. */
export class Expiry {
  constructor(private readonly queues: Queues) {}

  /** The next item that could not finish by its deadline even alone and at once; null when there is none. */
  next(nowMs: number): Item | null {
    const { expiry } = this.queues;
    for (let slot = expiry.peek(); slot && slot.key <= nowMs; slot = expiry.peek()) {
      const { dated, lane } = slot.owner;
      const item = dated.items.first();
      if (item && item.dueMs - lane.leastUpperMs(item.facts.size) <= nowMs) return item;
      this.queues.reindex(slot.owner);
    }
    return null;
  }

  /** When the next item expires, monotonic ms; Infinity when there is none. */
  nextMs(): number {
    return this.queues.expiry.peek()?.key ?? Infinity;
  }
}
