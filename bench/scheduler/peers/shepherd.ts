import type { RunningRun } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { LaneQueuePeer, type Picked } from './peer-base.js';
import { MAX_BATCH } from './peer-view.js';

/** A new batch this many times larger than a running one replaces it. */
const PREEMPTION_RATIO = 3.03;

/** Shepherd's online algorithm, its drop test corrected to the earliest deadline: the largest feasible batch runs. */
export class Shepherd extends LaneQueuePeer {
  protected pick(now: number): Picked | null {
    const best = this.largest(now);
    return best.size < 1 ? null : { lane: best.lane, items: this.queue(best.lane).take(best.size) };
  }

  protected largest(now: number): { lane: number; size: number } {
    let best = { lane: -1, size: 0 };
    for (let lane = 0; lane < this.queues.length; lane += 1) {
      const queue = this.queue(lane);
      queue.dropWhile((item) => item.deadline < now + this.view.runMs(lane, 1));
      if (!queue.head) continue;
      const fitting = Math.max(1, this.view.fitting(lane, queue.head.deadline - now));
      const size = Math.min(queue.length, fitting, MAX_BATCH);
      if (size > best.size) best = { lane, size };
    }
    return best;
  }
}

/** Shepherd with preemption: the smallest running batch is stopped and queued anew for one 3.03 times as large. */
export class ShepherdPreemptive extends Shepherd {
  preempt(now: number, running: readonly RunningRun[]): RunningRun | null {
    if (running.length < this.view.deviceCount) return null;
    const smallest = running.reduce((least, run) => (run.items.length < least.items.length ? run : least));
    if (this.largest(now).size < PREEMPTION_RATIO * smallest.items.length) return null;
    for (const item of smallest.items as readonly SimItem[]) this.queue(item.lane).pushByDeadline(item);
    return smallest;
  }
}
