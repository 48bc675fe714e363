import type { Policy, Run } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { ItemQueue } from './item-queue.js';
import type { PeerView } from './peer-view.js';

/**
 * Triton with priority levels: one level per tenant, strictly in order, within a model. Ready like plain Triton without
 * delay and with a timeout of the SLO; the model whose best head has the highest level goes, then the oldest.
 */
export class TritonPriority implements Policy {
  private readonly caps: readonly number[];
  private readonly levels: readonly ItemQueue[][];

  /** @param level by tenant its priority, 0 = first */
  constructor(
    private readonly view: PeerView,
    private readonly level: readonly number[],
  ) {
    this.caps = view.caps();
    this.levels = view.lanes.map(() => level.map(() => new ItemQueue()));
  }

  arrive(item: SimItem): void {
    this.levels[item.lane]?.[this.level[item.tenant] ?? 0]?.push(item);
  }

  ask(now: number, free: readonly number[]): Run | null {
    let best = { lane: -1, level: Infinity, at: Infinity };
    for (let lane = 0; lane < this.levels.length; lane += 1) {
      const first = this.firstOf(lane, now);
      if (first && (first.level < best.level || (first.level === best.level && first.at < best.at))) {
        best = { lane, ...first };
      }
    }
    if (best.lane < 0) return null;
    return { device: free[0] ?? 0, lane: best.lane, items: this.take(best.lane), withLoad: false };
  }

  wakeAt(): number {
    return Infinity;
  }

  private firstOf(lane: number, now: number): { level: number; at: number } | null {
    const { sloMs } = this.view.lane(lane);
    let first: { level: number; at: number } | null = null;
    this.levels[lane]?.forEach((queue, level) => {
      queue.dropWhile((item) => item.deadline < Infinity && now - item.arrivedAt > sloMs);
      if (queue.head && !first) first = { level, at: queue.head.arrivedAt };
    });
    return first;
  }

  private take(lane: number): SimItem[] {
    const cap = this.caps[lane] ?? 1;
    const items: SimItem[] = [];
    for (const queue of this.levels[lane] ?? []) items.push(...queue.take(cap - items.length));
    return items;
  }
}
