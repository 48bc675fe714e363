import type { SimItem } from '../machine/sim-item.js';
import { LaneQueuePeer, type Picked } from './peer-base.js';
import type { PeerView } from './peer-view.js';

export interface TritonKnobs {
  /** Longest queue delay, ms. */
  readonly delayMs: number;
  /** Drop what waited longer than the SLO. */
  readonly hasTimeout: boolean;
}

/**
 * Triton's dynamic batcher: first in, first out per model. A model is ready when a full batch is queued or its oldest
 * item waited the delay; among ready models the oldest head goes.
 */
export class Triton extends LaneQueuePeer {
  private readonly caps: readonly number[];

  constructor(
    view: PeerView,
    private readonly knobs: TritonKnobs,
  ) {
    super(view);
    this.caps = view.caps();
  }

  override arrive(item: SimItem, _now: number): void {
    this.queue(item.lane).push(item);
  }

  protected pick(now: number): Picked | null {
    let best = -1;
    let bestAt = Infinity;
    for (let lane = 0; lane < this.queues.length; lane += 1) {
      const queue = this.queue(lane);
      const { sloMs } = this.view.lane(lane);
      if (this.knobs.hasTimeout) queue.dropWhile((item) => item.deadline < Infinity && now - item.arrivedAt > sloMs);
      const { head } = queue;
      if (!head) continue;
      const readyAt = queue.length >= (this.caps[lane] ?? 1) ? now : head.arrivedAt + this.knobs.delayMs;
      if (readyAt > now) {
        this.wake = Math.min(this.wake, readyAt);
      } else if (head.arrivedAt < bestAt) {
        best = lane;
        bestAt = head.arrivedAt;
      }
    }
    return best < 0 ? null : { lane: best, items: this.queue(best).take(this.caps[best] ?? 1) };
  }
}
