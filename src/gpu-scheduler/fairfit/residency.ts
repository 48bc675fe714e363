import type { Band } from './band.js';
import type { DeviceState } from './device-state.js';
import { victimsFor } from './evictions.js';
import type { Fleet } from './fleet.js';
import type { Fit, Fitter } from './fit.js';
import type { LaneBand } from './lane-band.js';
import type { LaneChoice } from './lane-choice.js';
import type { FairFitOptions } from './options.js';

/** Lanes without a copy here that are scored per decision, and of these the ones fitted exactly. */
const MAX_SCORED = 64;
const MAX_FITTED = 4;

/** A load that pays more than any batch that could run at once. */
export interface LoadPlan {
  readonly laneBand: LaneBand;
  readonly victims: readonly string[];
}

/** A lane by its rough score. */
interface Cold {
  readonly laneBand: LaneBand;
  readonly loadMs: number;
  readonly roughScore: number;
}

/**
 * Which model a device with a byte budget should load. A lane scores b / (L(b) + load/reuse): rows per ms, with the load
 * spread over the batches that its arrivals bring before the copy could be evicted again.
 */
export class ResidencyChoice {
  /** Earliest instant at which a load that was refused by a guard may be allowed; monotonic ms. */
  retryAtMs = Infinity;

  constructor(
    private readonly fitter: Fitter,
    private readonly choice: LaneChoice,
    private readonly options: FairFitOptions,
    private readonly fleet: Fleet,
  ) {}

  /** Lanes that wait for a load which this device could do, best first by rough score. */
  cold(device: DeviceState, band: Band, nowMs: number): readonly Cold[] {
    const found: Cold[] = [];
    if (device.memoryBytes === null) return found;
    const limitMs = this.choice.loadLimitMs(band);
    let seen = 0;
    band.demand.dated.ascend(({ owner }) => {
      seen += 1;
      if (this.isLoadable(owner, device, nowMs) && owner.leastVtimeMs <= limitMs) {
        const loadMs = owner.lane.model.loadMs(device.deviceClass);
        const cost = owner.lane.cost(device.deviceClass);
        const rows = Math.max(1, Math.min(owner.rows, owner.lane.maxBatchSize, cost.rowsWithin(owner.lane.sloMs / 2)));
        found.push({
          laneBand: owner,
          loadMs,
          roughScore: this.score(owner, cost.expectedMs(rows), rows, loadMs, nowMs),
        });
      }
      return seen < MAX_SCORED;
    });
    return found.sort((a, b) => b.roughScore - a.roughScore || a.laneBand.number - b.laneBand.number);
  }

  /**
   * The load that beats the best batch, if its guards hold.
   * @param resident batches that could run at once
   */
  plan(device: DeviceState, cold: readonly Cold[], resident: readonly Fit[], nowMs: number): LoadPlan | null {
    if (cold.length === 0) return null;
    // A flood that is ahead of its share does not keep others' models out by the size of its batches.
    const rivals = resident.filter((fit) => !this.choice.isFloodAhead(fit));
    const bar = Math.max(0, ...rivals.map((fit) => this.scoreOf(fit)));
    let fitted = 0;
    for (const { laneBand, loadMs, roughScore } of cold) {
      if (roughScore <= bar || fitted >= MAX_FITTED) return null;
      const slot = { deviceClass: device.deviceClass, startMs: nowMs + loadMs, nowMs };
      const fit = this.fitter.dated(laneBand, slot) ?? this.fitter.undated(laneBand, slot);
      fitted += 1;
      if (!fit || this.score(laneBand, fit.cost.expectedMs(fit.rows), fit.rows, loadMs, nowMs) <= bar) continue;
      if (!this.needsCopy(fit, nowMs)) continue;
      const { facts } = laneBand.lane.model;
      const keepMs = this.options.residencyHysteresis * loadMs;
      const room = victimsFor(device, facts?.sizeBytes ?? 0, keepMs, nowMs);
      if (room && 'victims' in room) return { laneBand, victims: room.victims.map((copy) => copy.modelVersionId) };
      if (room) this.retryAtMs = Math.min(this.retryAtMs, room.retryAtMs);
    }
    return null;
  }

  /** Rows per ms of a batch whose model is resident. */
  scoreOf(fit: Fit): number {
    return fit.rows / fit.cost.expectedMs(fit.rows);
  }

  private score({ lane }: LaneBand, runMs: number, rows: number, loadMs: number, nowMs: number): number {
    const reuse = Math.max(1, (lane.slowRate.at(nowMs) * this.options.residencyHysteresis * loadMs) / rows);
    return rows / (runMs + loadMs / reuse);
  }

  private isLoadable({ lane }: LaneBand, device: DeviceState, nowMs: number): boolean {
    const { model } = lane;
    const { facts } = model;
    if (!facts || device.resident.has(model.id) || facts.sizeBytes > (device.memoryBytes ?? 0)) return false;
    if (facts.devices && !facts.devices.includes(device.id)) return false;
    if (model.copies + model.loads >= (facts.maxCopies ?? Infinity)) return false;
    if (nowMs < model.backoffUntilMs) {
      this.retryAtMs = Math.min(this.retryAtMs, model.backoffUntilMs);
      return false;
    }
    return !this.fleet.isFreeElsewhere(model.id, device);
  }

  /** There is no copy yet, or the copies cannot sustain what arrives. */
  private needsCopy({ laneBand: { lane }, cost, fillRows }: Fit, nowMs: number): boolean {
    const copies = lane.model.copies + lane.model.loads;
    if (copies === 0) return true;
    const rows = Math.max(1, fillRows);
    return lane.slowRate.at(nowMs) >= (this.options.sustainFraction * copies * rows) / cost.expectedMs(rows);
  }
}
