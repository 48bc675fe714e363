import type { SimItem } from '../machine/sim-item.js';
import { LaneQueuePeer, type Picked } from './peer-base.js';
import type { PeerView } from './peer-view.js';

/** TF Serving's default of `max_enqueued_batches`. */
const MAX_ENQUEUED_BATCHES = 10;

/**
 * TF Serving's shared batch scheduler: first in, first out per model with a bounded queue; ready when full or when the
 * oldest waited the timeout; round robin over the models. Late items are served like all others.
 */
export class TfServing extends LaneQueuePeer {
  private readonly caps: readonly number[];
  private last = -1;

  /** @param timeoutMs batch timeout */
  constructor(
    view: PeerView,
    private readonly timeoutMs: number,
  ) {
    super(view);
    this.caps = view.caps();
  }

  override arrive(item: SimItem, _now: number): void {
    const queue = this.queue(item.lane);
    if (queue.length < MAX_ENQUEUED_BATCHES * this.cap(item.lane)) queue.push(item);
  }

  protected pick(now: number): Picked | null {
    const count = this.queues.length;
    for (let turn = 1; turn <= count; turn += 1) {
      const lane = (this.last + turn) % count;
      const queue = this.queue(lane);
      if (!queue.head) continue;
      const readyAt = queue.length >= this.cap(lane) ? now : queue.head.arrivedAt + this.timeoutMs;
      if (readyAt <= now) {
        this.last = lane;
        return { lane, items: queue.take(this.cap(lane)) };
      }
      this.wake = Math.min(this.wake, readyAt);
    }
    return null;
  }

  private cap(lane: number): number {
    return this.caps[lane] ?? 1;
  }
}
