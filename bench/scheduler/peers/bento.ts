import type { SimItem } from '../machine/sim-item.js';
import type { ItemQueue } from './item-queue.js';
import { LaneQueuePeer, type Picked } from './peer-base.js';
import type { PeerView } from './peer-view.js';

/** Dispatches whose head waits are averaged. */
const WINDOW = 50;
const DECAY = 0.95;
/** How often a held model is looked at again, ms. */
const TICK_MS = 1;

/**
 * BentoML's CORK dispatcher, round robin over the models. Heads that cannot make it with all that is queued are dropped;
 * a batch is held while one more item is expected to pay. Its limit of one batch in flight per method is not enforced.
 */
export class Bento extends LaneQueuePeer {
  private readonly caps: readonly number[];
  private readonly headWaits: number[][];
  private last = -1;

  constructor(view: PeerView) {
    super(view);
    this.caps = view.caps();
    this.headWaits = view.lanes.map(() => []);
  }

  override arrive(item: SimItem, _now: number): void {
    this.queue(item.lane).push(item);
  }

  protected pick(now: number): Picked | null {
    const count = this.queues.length;
    for (let turn = 1; turn <= count; turn += 1) {
      const lane = (this.last + turn) % count;
      const queue = this.queue(lane);
      this.dropHopeless(lane, queue, now);
      if (!queue.head) continue;
      if (this.holds(lane, queue, now)) {
        this.wake = now + TICK_MS;
        continue;
      }
      this.last = lane;
      this.remember(lane, now - queue.head.arrivedAt);
      return { lane, items: queue.take(this.caps[lane] ?? 1) };
    }
    return null;
  }

  private dropHopeless(lane: number, queue: ItemQueue, now: number): void {
    const { sloMs } = this.view.lane(lane);
    while (queue.length > 1 && now - (queue.head?.arrivedAt ?? 0) + this.view.runMs(lane, queue.length) >= sloMs) {
      queue.drop(1);
    }
  }

  private holds(lane: number, queue: ItemQueue, now: number): boolean {
    const waits = this.headWaits[lane] ?? [];
    if (queue.length >= (this.caps[lane] ?? 1) || waits.length === 0) return false;
    const meanMs = waits.reduce((sum, ms) => sum + ms, 0) / waits.length;
    const lastWaitMs = now - (queue.at(queue.length - 1)?.arrivedAt ?? now);
    return queue.length * (lastWaitMs + TICK_MS + this.view.lane(lane).a) <= DECAY * meanMs;
  }

  private remember(lane: number, waitMs: number): void {
    const waits = this.headWaits[lane] ?? [];
    waits.push(waitMs);
    if (waits.length > WINDOW) waits.shift();
  }
}
