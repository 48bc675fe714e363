import type { Fit } from './fit.js';
import type { Lane } from './lane.js';
import type { FairFitOptions } from './options.js';

/** A hold needs this many devices per lane with work. */
const DEVICES_PER_LANE = 4;
/** Below this load batches are small because work is scarce: waiting would only cost latency. */
const MIN_LOAD = 0.4;
/** Aim a little past the batch that arrivals sustain. */
const GROWTH = 1.1;
/** A lane without arrivals for this long takes no part. */
const RECENT_MS = 1_000;

/**
 * Few lanes over many devices: a device that takes every item at once pays the fixed part of a run for tiny batches. A
 * lane then waits until about as many rows are there as arrive while the devices go round once, never past a deadline.
 */
export class Hold {
  /** Lanes by their latest arrival, the latest last. */
  private readonly recent = new Set<Lane>();

  constructor(private readonly options: FairFitOptions) {}

  arrived(lane: Lane): void {
    if (!this.options.hold) return;
    this.recent.delete(lane);
    this.recent.add(lane);
  }

  /**
   * Until when the batch should wait, monotonic ms; null = send it now.
   * @param lanesWithWork lanes with items queued, over all bands
   * @param oldestMs when the lane's most urgent item came
   */
  until(fit: Fit, deviceClass: string, lanesWithWork: number, oldestMs: number, nowMs: number): number | null {
    const { laneBand, cost } = fit;
    const { lane } = laneBand;
    const devices = lane.devicesIn(deviceClass);
    if (!this.options.hold || fit.branch === 'undated' || lanesWithWork * DEVICES_PER_LANE > devices) return null;
    const lanes = this.recentLanes(lane, nowMs);
    if (lanes.size * DEVICES_PER_LANE > devices) return null;
    let variable = 0;
    let fixedMs = 0;
    for (const other of lanes) {
      variable += other.rate.at(nowMs) * other.cost(deviceClass).a;
      fixedMs += other.cost(deviceClass).c;
    }
    if (variable <= MIN_LOAD * devices || variable >= devices) return null;
    const n = laneBand.dated.items.units;
    const rate = lane.rate.at(nowMs);
    const need = Math.min((GROWTH * rate * fixedMs) / (devices - variable), fit.fillRows);
    if (need <= 1 || n >= need) return null;
    const dueMs = fit.keyMs + cost.upperMs(fit.rows);
    const untilMs = Math.min(dueMs - cost.upperMs(n + 1), nowMs + (need - n) / rate);
    const boundMs = Math.min(untilMs, oldestMs + this.options.maxQueueDelayMs);
    return boundMs > nowMs ? boundMs : null;
  }

  private recentLanes(own: Lane, nowMs: number): ReadonlySet<Lane> {
    for (const lane of this.recent) {
      if (lane === own || lane.lastArrivalMs >= nowMs - RECENT_MS) break;
      this.recent.delete(lane);
    }
    return this.recent;
  }
}
