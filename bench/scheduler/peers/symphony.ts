import type { SimItem } from '../machine/sim-item.js';
import { missed } from './nexus.js';
import { nexusTarget } from './nexus-target.js';
import { LaneQueuePeer, type Picked } from './peer-base.js';
import { MAX_BATCH, type PeerView } from './peer-view.js';
import { RateMeter } from './rate-meter.js';

const RATE_WINDOW_MS = 2000;
/** How long before the last moment a batch starts, ms. */
const EARLY_MS = 0.1;

/** A batch that could run now: `size` items behind the first `skip`. */
interface Candidate {
  readonly skip: number;
  readonly size: number;
  readonly startAt: number;
  readonly invalidAfter: number;
}

/**
 * Symphony's deferred batching: a batch waits until the last moment at which one more item could still join. A free
 * device takes the candidate that becomes invalid first among those whose moment has come.
 */
export class Symphony extends LaneQueuePeer {
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
    let best: { lane: number; candidate: Candidate } | null = null;
    for (let lane = 0; lane < this.queues.length; lane += 1) {
      const candidate = this.candidate(lane, now);
      if (!candidate) continue;
      if (candidate.startAt > now) this.wake = Math.min(this.wake, candidate.startAt);
      else if (!best || candidate.invalidAfter < best.candidate.invalidAfter) best = { lane, candidate };
    }
    if (!best) return null;
    const queue = this.queue(best.lane);
    queue.drop(best.candidate.skip);
    return { lane: best.lane, items: queue.take(best.candidate.size) };
  }

  private candidate(lane: number, now: number): Candidate | null {
    const queue = this.queue(lane);
    queue.dropWhile((item) => item.deadline < now + this.view.runMs(lane, 1));
    if (queue.length === 0) return null;
    const target = nexusTarget(this.view, lane, this.rates[lane]?.perMs(now) ?? 0);
    const window = missed(this.view, lane, queue, { target, now });
    let size = Math.min(target, queue.length - window);
    const skip = Math.min(window, queue.dueBefore(now + this.view.runMs(lane, size)));
    const due = queue.at(skip)?.deadline ?? Infinity;
    const limit = Math.min(MAX_BATCH, queue.length - skip);
    while (size < limit && due >= now + this.view.runMs(lane, size + 1)) size += 1;
    if (size < 1) return null;
    const startAt = due - EARLY_MS - this.view.runMs(lane, size + 1);
    return { skip, size, startAt, invalidAfter: due - this.view.runMs(lane, size) };
  }
}
