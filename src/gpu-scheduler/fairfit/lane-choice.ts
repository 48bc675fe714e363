import type { Band } from './band.js';
import { Conforming } from './conforming.js';
import type { DeviceState } from './device-state.js';
import type { Fit, Fitter } from './fit.js';
import type { LaneBand } from './lane-band.js';
import type { FairFitOptions } from './options.js';
import type { Queues } from './queues.js';
import type { Work } from './work.js';

/** Lanes whose exact window is fitted per decision, and lanes looked at for that. */
const MAX_FITTED = 16;
const MAX_SEEN = 64;
/** A tenant whose dated queue is this many SLOs of its fair share long floods. */
const FLOOD_FRACTION = 1.5;

/**
 * Which lane a free device serves. Lanes stand in heaps by a bound of their latest safe start that does not depend on
 * the time; they are looked at in that order, fitted exactly, and the search ends once no lane left can be more urgent.
 * Only lanes of tenants within Theta of the least served one are eligible, unless none of them can run.
 */
export class LaneChoice {
  constructor(
    private readonly queues: Queues,
    private readonly fitter: Fitter,
    private readonly options: FairFitOptions,
    private readonly work: Work,
  ) {}

  /** Batches that the band could send on the device now, best first; empty when none is feasible. */
  candidates(device: DeviceState, band: Band, nowMs: number): readonly Fit[] {
    const heaps = device.group.heaps[band.index];
    if (!heaps || (heaps.dated.length === 0 && heaps.undated.length === 0)) return [];
    const limitMs = this.limitMs(band);
    const dated = this.dated(device, band, limitMs, nowMs);
    const undated = this.undated(device, band, limitMs, nowMs);
    const [first] = dated;
    if (!undated) return dated;
    const costMs = undated.cost.expectedMs(undated.rows);
    band.nextUndatedMs = costMs;
    if (!first) return [undated];
    const dueMs = undated.laneBand.undated.items.first()?.dueMs ?? nowMs;
    const isFirst = dueMs <= nowMs ? band.agedCreditMs >= costMs : undated.keyMs < first.keyMs;
    return isFirst ? [undated, ...dated] : [...dated, undated];
  }

  /** Every other batch that the band could send on the device, whoever it serves: rarely needed, O(lanes). */
  remaining(device: DeviceState, band: Band, tried: ReadonlySet<LaneBand>, nowMs: number): readonly Fit[] {
    const slot = { deviceClass: device.deviceClass, startMs: nowMs, nowMs };
    const fits: Fit[] = [];
    const heaps = device.group.heaps[band.index];
    const add = (laneBand: LaneBand, fit: Fit | null) => {
      const isHeld = laneBand.heldUntilMs !== null && laneBand.heldUntilMs > nowMs;
      if (fit && !isHeld) fits.push(fit);
    };
    heaps?.dated.ascend(({ owner }) => {
      if (!tried.has(owner)) add(owner, this.fitter.dated(owner, slot));
      return true;
    });
    heaps?.undated.ascend(({ owner }) => {
      add(owner, this.fitter.undated(owner, slot));
      return true;
    });
    return fits;
  }

  /** Virtual time up to which a lane's least served tenant makes it eligible to run. */
  limitMs(band: Band): number {
    return (band.byVtime.peek()?.key ?? 0) + this.slackMs(band);
  }

  /** The same for a load: those who wait for one count as well. */
  loadLimitMs(band: Band): number {
    return (band.byVtimeOfAll.peek()?.key ?? 0) + this.slackMs(band);
  }

  /** True when the batch is one of a tenant that has queued far more than its share works off in time. */
  isFlood({ branch, laneBand: { lane, dated, band: index } }: Fit): boolean {
    const band = this.queues.bands[index];
    const head = dated.items.first();
    if (branch === 'protected' || branch === 'undated' || !band || !head) return false;
    return !Conforming.inLane(lane, band, FLOOD_FRACTION).holds(head.account);
  }

  /** True when the flood is ahead of somebody who waits, if only for a load. */
  isFloodAhead(fit: Fit): boolean {
    const band = this.queues.bands[fit.laneBand.band];
    return band !== undefined && this.isFlood(fit) && fit.laneBand.leastVtimeMs > this.loadLimitMs(band);
  }

  private slackMs(band: Band): number {
    const { fairnessSlackFactor, fairnessSlackMaxMs } = this.options;
    const sloMs = this.queues.work[band.index]?.largestSloMs ?? 0;
    const batchMs = Number.isFinite(band.nextUndatedMs) ? band.nextUndatedMs : 0;
    const slackMs = fairnessSlackFactor * (band.lanes.size > 0 ? sloMs / 2 : batchMs);
    return Math.min(slackMs, fairnessSlackMaxMs) / band.leastWeight;
  }

  private dated(device: DeviceState, band: Band, limitMs: number, nowMs: number): Fit[] {
    const found: Fit[] = [];
    const behind: LaneBand[] = [];
    const idle: LaneBand[] = [];
    let bestMs = Infinity;
    let horizonMs = Infinity;
    let seen = 0;
    const slot = { deviceClass: device.deviceClass, startMs: nowMs, nowMs };
    device.group.heaps[band.index]?.dated.ascend(({ owner, key }) => {
      this.work.steps += 1;
      if (key >= horizonMs) return false;
      seen += 1;
      const isHeld = owner.heldUntilMs !== null && owner.heldUntilMs > nowMs;
      if (isHeld) return seen < MAX_SEEN;
      const vtimeMs = owner.leastVtimeMs;
      if (vtimeMs === Infinity) idle.push(owner);
      else if (vtimeMs > limitMs) behind.push(owner);
      else {
        const fit = this.fitter.dated(owner, slot);
        if (fit) found.push(fit);
        if (fit && fit.keyMs < bestMs) {
          bestMs = fit.keyMs;
          horizonMs = bestMs + this.patienceMs(fit, device);
        }
      }
      return found.length < MAX_FITTED && seen < MAX_SEEN;
    });
    for (const laneBand of idle) this.queues.reindex(laneBand);
    if (found.length === 0) found.push(...this.wider(device, band, behind, nowMs));
    found.sort((a, b) => a.keyMs - b.keyMs || a.laneBand.number - b.laneBand.number);
    const [best] = found;
    if (!best || best.branch === 'protected') return found;
    // A conforming tenant that cannot wait for this batch goes before those that would lose their items anyway.
    const endMs = nowMs + this.patienceMs(best, device);
    const urgent = found.find((fit) => fit.branch === 'protected' && fit.keyMs < endMs);
    return urgent ? [urgent, ...found.filter((fit) => fit !== urgent)] : found;
  }

  /** No eligible lane can run here: the least served tenant's own lanes, then any lane. */
  private wider(device: DeviceState, band: Band, behind: readonly LaneBand[], nowMs: number): Fit[] {
    const slot = { deviceClass: device.deviceClass, startMs: nowMs, nowMs };
    const least = band.byVtime.peek()?.owner;
    const own: Fit[] = [];
    let asked = 0;
    for (const home of least?.homes.keys() ?? []) {
      const laneBand = this.queues.laneBands[home];
      asked += 1;
      if (asked > MAX_FITTED) break;
      if (!laneBand?.places.has(device.group.id) || behind.includes(laneBand)) continue;
      const fit = laneBand.heldUntilMs === null ? this.fitter.dated(laneBand, slot) : null;
      if (fit) own.push(fit);
    }
    if (own.length > 0) return own;
    for (const laneBand of behind.slice(0, MAX_FITTED)) {
      const fit = this.fitter.dated(laneBand, slot);
      if (fit) return [fit];
    }
    const any: Fit[] = [];
    device.group.heaps[band.index]?.dated.ascend(({ owner }) => {
      const isHeld = owner.heldUntilMs !== null && owner.heldUntilMs > nowMs;
      const fit = isHeld ? null : this.fitter.dated(owner, slot);
      if (fit) any.push(fit);
      return any.length === 0;
    });
    return any;
  }

  /** The eligible lane with the oldest undated item, else the oldest of all. */
  private undated(device: DeviceState, band: Band, limitMs: number, nowMs: number): Fit | null {
    const slot = { deviceClass: device.deviceClass, startMs: nowMs, nowMs };
    let eligible: LaneBand | null = null;
    let oldest: LaneBand | null = null;
    let seen = 0;
    device.group.heaps[band.index]?.undated.ascend(({ owner }) => {
      seen += 1;
      const vtimeMs = owner.undated.least()?.account.vtimeMs ?? Infinity;
      if (vtimeMs < Infinity) oldest ??= owner;
      if (vtimeMs <= limitMs) eligible = owner;
      return eligible === null && (seen < MAX_SEEN || oldest === null);
    });
    const chosen = eligible ?? this.leastServed(device, band) ?? oldest;
    return chosen ? this.fitter.undated(chosen, slot) : null;
  }

  /** A lane on the device with undated items of the least served tenant. */
  private leastServed(device: DeviceState, band: Band): LaneBand | null {
    const least = band.byVtime.peek()?.owner;
    let asked = 0;
    for (const home of least?.homes.keys() ?? []) {
      const laneBand = this.queues.laneBands[home];
      asked += 1;
      if (asked > MAX_FITTED) return null;
      if (laneBand?.places.has(device.group.id) && laneBand.undated.items.length > 0) return laneBand;
    }
    return null;
  }

  /**
   * How long others would wait for a batch of a flood, ms: until the next device should be free. 0 for any other batch: a
   * short queue that does not conform for a moment is no flood.
   */
  private patienceMs(fit: Fit, device: DeviceState): number {
    if (!this.isFlood(fit)) return 0;
    return fit.cost.upperMs(fit.rows) / Math.max(1, fit.laneBand.lane.devicesIn(device.deviceClass));
  }
}
