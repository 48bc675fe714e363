import type { Policy, Run, RunEnd, RunningRun } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { type ItemQueue, queues } from './item-queue.js';
import type { PeerView } from './peer-view.js';
import { ResidentModels } from './resident-models.js';

/**
 * Load on demand with least-recently-used eviction. The first item in order (arrival, or deadline with elapsed items
 * dropped) goes next, on a free device that holds its model or else on the first free one after a load.
 */
export class LruResidency implements Policy {
  private readonly queues: readonly ItemQueue[];
  private readonly caps: readonly number[];
  private readonly models: ResidentModels;

  constructor(
    view: PeerView,
    private readonly order: 'fifo' | 'edf',
  ) {
    this.queues = queues(view.lanes.length);
    this.caps = view.caps();
    this.models = new ResidentModels(view.deviceCount, view.slots);
  }

  arrive(item: SimItem): void {
    this.queues[item.lane]?.pushByDeadline(item);
  }

  ask(now: number, free: readonly number[]): Run | null {
    let lane = -1;
    let first = Infinity;
    this.queues.forEach((queue, index) => {
      if (this.order === 'edf') queue.dropWhile((item) => item.deadline < now);
      if (!queue.head) return;
      const rank = this.order === 'edf' ? queue.head.deadline : queue.head.arrivedAt;
      if (rank >= first) return;
      first = rank;
      lane = index;
    });
    const queue = this.queues[lane];
    if (!queue) return null;
    const holder = free.find((device) => this.models.holds(device, lane));
    const device = holder ?? free[0] ?? 0;
    if (holder === undefined) this.models.load(device, lane, now);
    else this.models.touch(device, lane, now);
    return { device, lane, items: queue.take(this.caps[lane] ?? 1), withLoad: holder === undefined };
  }

  ended(run: RunningRun, _end: RunEnd, now: number): void {
    this.models.touch(run.device, run.lane, now);
  }

  wakeAt(): number {
    return Infinity;
  }
}
