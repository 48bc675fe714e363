import type { Policy, Run } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { ItemQueue } from './item-queue.js';
import type { PeerView } from './peer-view.js';

/**
 * Round robin over tenants with earliest deadline first inside, as flow control in front of a model does it: the
 * earliest head names the model, the batch takes one item per tenant in turn. Infeasible items are dropped.
 */
export class RoundRobinEdf implements Policy {
  private readonly caps: readonly number[];
  private readonly queues: readonly ItemQueue[][];
  private turn = 0;

  /** @param divisor the largest batch takes SLO / divisor */
  constructor(
    private readonly view: PeerView,
    divisor: number,
  ) {
    this.caps = view.caps(divisor);
    this.queues = view.lanes.map(() => view.weights.map(() => new ItemQueue()));
  }

  arrive(item: SimItem): void {
    this.queues[item.lane]?.[item.tenant]?.pushByDeadline(item);
  }

  ask(now: number, free: readonly number[]): Run | null {
    let lane = -1;
    let due = Infinity;
    this.queues.forEach((tenants, index) => {
      const soonest = now + this.view.runMs(index, 1);
      for (const queue of tenants) {
        queue.dropWhile((item) => item.deadline < soonest);
        if (!queue.head || queue.head.deadline >= due) continue;
        due = queue.head.deadline;
        lane = index;
      }
    });
    return lane < 0 ? null : { device: free[0] ?? 0, lane, items: this.fill(lane), withLoad: false };
  }

  wakeAt(): number {
    return Infinity;
  }

  private fill(lane: number): SimItem[] {
    const tenants = this.queues[lane] ?? [];
    const items: SimItem[] = [];
    for (let idle = 0; idle < tenants.length && items.length < (this.caps[lane] ?? 1);) {
      const taken = tenants[this.turn % tenants.length]?.take(1) ?? [];
      this.turn += 1;
      idle = taken.length > 0 ? 0 : idle + 1;
      items.push(...taken);
    }
    return items;
  }
}
