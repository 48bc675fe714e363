import { LaneQueuePeer, type Picked } from './peer-base.js';
import { MAX_BATCH } from './peer-view.js';

/** Share of the time to the deadline that a batch may take. */
const SAFE_SHARE = 0.92;

/** Clipper: earliest deadline first; the batch is what the first deadline allows. What has elapsed is dropped. */
export class Clipper extends LaneQueuePeer {
  protected pick(now: number): Picked | null {
    let best = -1;
    let due = Infinity;
    for (let lane = 0; lane < this.queues.length; lane += 1) {
      const queue = this.queue(lane);
      queue.dropWhile((item) => item.deadline < now);
      if (queue.head && queue.head.deadline < due) {
        best = lane;
        due = queue.head.deadline;
      }
    }
    if (best < 0) return null;
    const size = Math.max(1, Math.min(MAX_BATCH, this.view.fitting(best, SAFE_SHARE * (due - now))));
    return { lane: best, items: this.queue(best).take(size) };
  }
}
