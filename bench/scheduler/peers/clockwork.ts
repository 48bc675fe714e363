import type { SimItem } from '../machine/sim-item.js';
import { LaneQueuePeer, type Picked } from './peer-base.js';

/** Clockwork profiles and runs these sizes only. */
const SIZES = [1, 2, 4, 8, 16, 32, 64];

/** Clockwork: of all models the batch that must start first; of that model the largest size that meets its deadlines. */
export class Clockwork extends LaneQueuePeer {
  protected pick(now: number): Picked | null {
    let best = { lane: -1, priority: Infinity, skip: 0, size: 0 };
    for (let lane = 0; lane < this.queues.length; lane += 1) {
      const queue = this.queue(lane);
      queue.dropWhile((item) => item.deadline < now + this.view.runMs(lane, 1));
      let priority = Infinity;
      let largest = { skip: 0, size: 0 };
      for (const size of SIZES) {
        if (size > queue.length) break;
        const runMs = this.view.runMs(lane, size);
        const skip = queue.dueBefore(now + runMs);
        if (queue.length - skip < size) continue;
        priority = Math.min(priority, ((queue.at(skip) as SimItem).deadline ?? 0) - runMs);
        largest = { skip, size };
      }
      if (largest.size > 0 && priority < best.priority) best = { lane, priority, ...largest };
    }
    if (best.lane < 0) return null;
    const queue = this.queue(best.lane);
    queue.drop(best.skip);
    return { lane: best.lane, items: queue.take(best.size) };
  }
}
