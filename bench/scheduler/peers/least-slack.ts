import type { Policy, Run, RunEnd, RunningRun } from '../machine/policy.js';
import type { SimItem } from '../machine/sim-item.js';
import { type ItemQueue, queues } from './item-queue.js';
import type { PeerView } from './peer-view.js';
import { RateMeter } from './rate-meter.js';
import { ResidentModels } from './resident-models.js';

const RATE_WINDOW_MS = 3000;
/** A second copy needs this share of what the copies can sustain. */
const SUSTAIN_SHARE = 0.7;

interface Fit {
  readonly lane: number;
  readonly skip: number;
  readonly size: number;
  readonly slackMs: number;
}

/**
 * Load on demand by least slack (deadline, less load and run time), with batches that the window fits and guards: a
 * victim must be idle for one load time, and a further copy needs a rate that the present ones cannot sustain.
 */
export class LeastSlack implements Policy {
  private readonly queues: readonly ItemQueue[];
  private readonly caps: readonly number[];
  private readonly models: ResidentModels;
  private readonly rates: readonly RateMeter[];

  constructor(private readonly view: PeerView) {
    this.queues = queues(view.lanes.length);
    this.caps = view.caps();
    this.models = new ResidentModels(view.deviceCount, view.slots);
    this.rates = view.lanes.map(() => new RateMeter(RATE_WINDOW_MS));
  }

  arrive(item: SimItem, now: number): void {
    this.queues[item.lane]?.pushByDeadline(item);
    this.rates[item.lane]?.add(now);
  }

  ask(now: number, free: readonly number[]): Run | null {
    for (const device of free) {
      let best: Fit | null = null;
      for (let lane = 0; lane < this.queues.length; lane += 1) {
        if (!this.models.holds(device, lane) && !this.mayLoad(device, lane, now)) continue;
        const fit = this.fit(device, lane, now);
        if (fit && (!best || fit.slackMs < best.slackMs)) best = fit;
      }
      if (best) return this.run(device, best, now);
    }
    return null;
  }

  ended(run: RunningRun, _end: RunEnd, now: number): void {
    this.models.touch(run.device, run.lane, now);
  }

  wakeAt(): number {
    return Infinity;
  }

  private fit(device: number, lane: number, now: number): Fit | null {
    const queue = this.queues[lane] as ItemQueue;
    queue.dropWhile((item) => item.deadline < now + this.view.runMs(lane, 1));
    const loadMs = this.models.holds(device, lane) ? 0 : this.view.loadMs;
    for (let size = Math.min(this.caps[lane] ?? 1, queue.length); size >= 1; size -= 1) {
      const runMs = this.view.runMs(lane, size);
      const skip = queue.dueBefore(now + loadMs + runMs);
      if (queue.length - skip < size) continue;
      return { lane, skip, size, slackMs: (queue.at(skip) as SimItem).deadline - now - loadMs - runMs };
    }
    return null;
  }

  private mayLoad(device: number, lane: number, now: number): boolean {
    if (this.queues[lane]?.length === 0) return false;
    if (now - this.models.victimLastUse(device) < this.view.loadMs) return false;
    const copies = this.models.copies(lane);
    const cap = this.caps[lane] ?? 1;
    const sustained = (SUSTAIN_SHARE * copies * cap) / this.view.runMs(lane, cap);
    return copies === 0 || (this.rates[lane]?.perMs(now) ?? 0) >= sustained;
  }

  private run(device: number, fit: Fit, now: number): Run {
    const { lane, skip, size } = fit;
    const withLoad = !this.models.holds(device, lane);
    if (withLoad) this.models.load(device, lane, now);
    else this.models.touch(device, lane, now);
    return { device, lane, items: this.queues[lane]?.takeAt(skip, size) ?? [], withLoad };
  }
}
