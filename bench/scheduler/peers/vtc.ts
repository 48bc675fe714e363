import type { Policy, Run } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { ItemQueue } from './item-queue.js';
import type { PeerView } from './peer-view.js';

/**
 * VTC, the fair counter of served cost per tenant, over batching: the tenant with the least counter names the model by
 * its oldest item; the batch is filled from all tenants by least local counter. What has elapsed is dropped.
 */
export class Vtc implements Policy {
  private readonly counters: number[];
  private readonly queued: number[];
  private readonly caps: readonly number[];
  private readonly queues: readonly ItemQueue[][];

  /** @param divisor the largest batch takes SLO / divisor */
  constructor(
    private readonly view: PeerView,
    divisor: number,
  ) {
    this.counters = view.weights.map(() => 0);
    this.queued = view.weights.map(() => 0);
    this.caps = view.caps(divisor);
    this.queues = view.weights.map(() => view.lanes.map(() => new ItemQueue()));
  }

  arrive(item: SimItem): void {
    if (this.queued[item.tenant] === 0) this.lift(item.tenant);
    this.queued[item.tenant] = (this.queued[item.tenant] ?? 0) + 1;
    this.queues[item.tenant]?.[item.lane]?.push(item);
  }

  ask(now: number, free: readonly number[]): Run | null {
    this.dropElapsed(now);
    const first = this.leastOf(this.counters, (tenant) => (this.queued[tenant] ?? 0) > 0);
    if (first < 0) return null;
    const lane = this.oldestLane(first);
    const items = this.fill(lane);
    this.charge(lane, items);
    return { device: free[0] ?? 0, lane, items, withLoad: false };
  }

  wakeAt(): number {
    return Infinity;
  }

  private lift(tenant: number): void {
    let least = Infinity;
    this.counters.forEach((counter, t) => {
      if ((this.queued[t] ?? 0) > 0) least = Math.min(least, counter);
    });
    if (least < Infinity) this.counters[tenant] = Math.max(this.counters[tenant] ?? 0, least);
  }

  private dropElapsed(now: number): void {
    this.queues.forEach((lanes, tenant) => {
      for (const queue of lanes) {
        for (let { head } = queue; head && head.deadline < now; head = queue.head) {
          queue.drop(1);
          this.queued[tenant] = (this.queued[tenant] ?? 0) - 1;
        }
      }
    });
  }

  private oldestLane(tenant: number): number {
    let best = -1;
    let at = Infinity;
    this.queues[tenant]?.forEach(({ head }, lane) => {
      if (!head || head.arrivedAt >= at) return;
      best = lane;
      at = head.arrivedAt;
    });
    return best;
  }

  private fill(lane: number): SimItem[] {
    const cap = this.caps[lane] ?? 1;
    const available = this.queues.reduce((sum, lanes) => sum + (lanes[lane]?.length ?? 0), 0);
    const size = Math.min(cap, available);
    const each = this.view.runMs(lane, size) / size;
    const local = [...this.counters];
    const items: SimItem[] = [];
    while (items.length < size) {
      const tenant = this.leastOf(local, (t) => (this.queues[t]?.[lane]?.length ?? 0) > 0);
      items.push(...(this.queues[tenant]?.[lane]?.take(1) ?? []));
      this.queued[tenant] = (this.queued[tenant] ?? 0) - 1;
      local[tenant] = (local[tenant] ?? 0) + each / (this.view.weights[tenant] ?? 1);
    }
    return items;
  }

  private charge(lane: number, items: readonly SimItem[]): void {
    const each = this.view.runMs(lane, items.length) / items.length;
    for (const { tenant } of items) {
      this.counters[tenant] = (this.counters[tenant] ?? 0) + each / (this.view.weights[tenant] ?? 1);
    }
  }

  private leastOf(counters: readonly number[], isCandidate: (tenant: number) => boolean): number {
    let best = -1;
    for (let t = 0; t < counters.length; t += 1) {
      if (isCandidate(t) && (best < 0 || (counters[t] ?? 0) < (counters[best] ?? 0))) best = t;
    }
    return best;
  }
}
