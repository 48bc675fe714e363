import type { SimItem } from '../machine/sim-item.js';
import type { ItemQueue } from './item-queue.js';
import { nexusTarget } from './nexus-target.js';
import { LaneQueuePeer, type Picked } from './peer-base.js';
import type { PeerView } from './peer-view.js';
import { RateMeter } from './rate-meter.js';

/** Rates are taken over this long, ms. */
const RATE_WINDOW_MS = 2000;

/** Nexus: earliest head first, eager, batches of the target size; heads that a full batch would miss are dropped. */
export class Nexus extends LaneQueuePeer {
  private readonly rates: readonly RateMeter[];

  constructor(view: PeerView) {
    super(view);
    this.rates = view.lanes.map(() => new RateMeter(RATE_WINDOW_MS));
  }

  override arrive(item: SimItem, now: number): void {
    super.arrive(item, now);
    this.rates[item.lane]?.add(now);
  }

  protected pick(now: number): Picked | null {
    for (;;) {
      let best = -1;
      let due = Infinity;
      for (let lane = 0; lane < this.queues.length; lane += 1) {
        const { head } = this.queue(lane);
        if (!head || head.deadline >= due) continue;
        best = lane;
        due = head.deadline;
      }
      if (best < 0) return null;
      const queue = this.queue(best);
      const target = nexusTarget(this.view, best, this.rates[best]?.perMs(now) ?? 0);
      queue.drop(missed(this.view, best, queue, { target, now }));
      if (queue.length > 0) return { lane: best, items: queue.take(target) };
    }
  }
}

/** How many heads miss their deadline if what follows them runs in a batch of up to `target` at `now`. */
export function missed(
  view: PeerView,
  lane: number,
  queue: ItemQueue,
  { target, now }: { readonly target: number; readonly now: number },
): number {
  let skip = 0;
  for (let item = queue.at(0); item; item = queue.at(skip)) {
    if (item.deadline >= now + view.runMs(lane, Math.min(target, queue.length - skip))) break;
    skip += 1;
  }
  return skip;
}
