import type { DispatchReason } from '../work-item.js';
import type { Band } from './band.js';
import type { Batches } from './batches.js';
import type { Composer, Composition } from './compose.js';
import type { DeviceState } from './device-state.js';
import type { Fit, Fitter } from './fit.js';
import type { Fleet } from './fleet.js';
import type { Hold } from './hold.js';
import type { LaneBand } from './lane-band.js';
import type { LaneChoice } from './lane-choice.js';
import type { Loads } from './loads.js';
import type { Queues } from './queues.js';
import type { ResidencyChoice } from './residency.js';

/** What the dispatcher conducts. */
export interface DispatchParts {
  readonly fleet: Fleet;
  readonly queues: Queues;
  readonly fitter: Fitter;
  readonly choice: LaneChoice;
  readonly residency: ResidencyChoice;
  readonly composer: Composer;
  readonly batches: Batches;
  readonly loads: Loads;
  readonly hold: Hold;
}

/** Gives every free device its next batch or load. */
export class Dispatcher {
  /** Lanes under a hold. */
  private readonly held = new Set<LaneBand>();
  private nowMs = 0;
  private isDraining = false;

  constructor(private readonly parts: DispatchParts) {}

  dispatch(nowMs: number, isDraining: boolean): void {
    this.nowMs = nowMs;
    this.isDraining = isDraining;
    this.parts.residency.retryAtMs = Infinity;
    for (const device of this.parts.fleet.inOrder) if (device.isFree) this.serve(device);
  }

  /** The next instant at which something may change by itself, monotonic ms; Infinity = none. */
  nextWakeMs(): number {
    let next = this.parts.residency.retryAtMs;
    for (const { heldUntilMs } of this.held) if (heldUntilMs !== null) next = Math.min(next, heldUntilMs);
    return next;
  }

  /** Something arrived in a lane, or left it: its hold is decided anew. */
  changed(laneBand: LaneBand): void {
    if (laneBand.heldUntilMs !== null) this.release(laneBand);
  }

  private serve(device: DeviceState): void {
    const { bands } = this.parts.queues;
    if (device.preferred && this.servePreferred(device)) return;
    for (const band of this.owed()) if (this.serveBand(device, band, band.creditMs)) return;
    for (const band of bands) if (!band.isEmpty && this.serveBand(device, band, null)) return;
  }

  /** The lane for which the model was loaded runs first: others would make the load worthless. */
  private servePreferred(device: DeviceState): boolean {
    const laneBand = device.preferred;
    device.preferred = null;
    if (!laneBand || laneBand.items === 0 || !device.holds(laneBand.lane.model.id)) return false;
    const slot = { deviceClass: device.deviceClass, startMs: this.nowMs, nowMs: this.nowMs };
    const fit = this.parts.fitter.dated(laneBand, slot) ?? this.parts.fitter.undated(laneBand, slot);
    return fit !== null && this.run(device, fit, 'load');
  }

  /** Lower bands that are owed device time while a higher one has work, the longest owed first. */
  private owed(): readonly Band[] {
    const { bands } = this.parts.queues;
    const higher = bands.findIndex((band) => !band.isEmpty);
    const owed = bands.filter(
      ({ index, floor, creditMs, nextBatchMs, isEmpty }) =>
        index > higher &&
        !isEmpty &&
        floor > 0 &&
        creditMs > 0 &&
        (nextBatchMs === Infinity || creditMs >= nextBatchMs / 4),
    );
    return owed.sort((a, b) => b.creditMs / b.floor - a.creditMs / a.floor || a.index - b.index);
  }

  /** @param creditMs serve only a batch that the band's credit covers; null = whatever comes first */
  private serveBand(device: DeviceState, band: Band, creditMs: number | null): boolean {
    const { choice, residency } = this.parts;
    const fits = choice.candidates(device, band, this.nowMs);
    const cold = residency.cold(device, band, this.nowMs);
    const ranked = cold.length > 0 ? fits.toSorted((a, b) => residency.scoreOf(b) - residency.scoreOf(a)) : fits;
    const [first] = ranked;
    if (first) band.nextBatchMs = first.cost.expectedMs(first.rows);
    if (creditMs !== null && (!first || creditMs < band.nextBatchMs)) return false;
    const plan = residency.plan(device, cold, ranked, this.nowMs);
    if (plan) {
      this.parts.loads.begin(device, plan, this.nowMs);
      return true;
    }
    const cause = creditMs === null ? null : 'floor';
    const tryRun = (fit: Fit) => !this.shouldHold(fit, device) && this.run(device, fit, cause);
    if (ranked.some(tryRun)) return true;
    // Items may be larger than what is left of their time: then a lane looks able, and nothing of it can run.
    const tried = new Set(ranked.map(({ laneBand }) => laneBand));
    return ranked.length > 0 && choice.remaining(device, band, tried, this.nowMs).some(tryRun);
  }

  private run(device: DeviceState, fit: Fit, cause: 'load' | 'floor' | null): boolean {
    const { laneBand } = fit;
    const band = this.parts.queues.bands[laneBand.band];
    const mayAge = (band?.agedCreditMs ?? 0) > 0;
    const isUse = !this.parts.choice.isFloodAhead(fit);
    const composition = this.parts.composer.compose(fit, this.nowMs, mayAge);
    if (composition.rows === 0) return false;
    const wasHeld = this.held.has(laneBand);
    const reason = this.reasonOf(fit, composition, cause ?? (wasHeld ? 'hold_end' : null));
    this.release(laneBand);
    this.parts.batches.start(device, fit, composition, { reason, isUse }, this.nowMs);
    return true;
  }

  private reasonOf(fit: Fit, composition: Composition, cause: DispatchReason | null): DispatchReason {
    if (this.isDraining) return 'drain';
    if (cause) return cause;
    if (composition.rows >= fit.laneBand.lane.maxBatchSize || fit.laneBand.lane.facts.alone) return 'full';
    if (fit.branch === 'shed') return 'shed';
    if (fit.bound === 'deadline') return 'deadline';
    if (fit.bound === 'target' && composition.isFull) {
      return fit.branch === 'undated' && fit.rows < fit.laneBand.lane.maxBatchSize ? 'knee' : 'full';
    }
    return composition.isFull && composition.rows < fit.rows ? 'full' : 'device_free';
  }

  /** Keeps the lane back for a better batch. A hold that ran out is not renewed before the lane was served. */
  private shouldHold(fit: Fit, device: DeviceState): boolean {
    const { laneBand } = fit;
    if (this.isDraining || (this.held.has(laneBand) && laneBand.heldUntilMs !== null)) {
      return laneBand.heldUntilMs !== null && laneBand.heldUntilMs > this.nowMs;
    }
    const lanesWithWork = this.parts.queues.bands.reduce((sum, band) => sum + band.lanes.size, 0);
    const oldestMs = laneBand.dated.items.first()?.wait.enqueuedAtMs ?? this.nowMs;
    const untilMs = this.parts.hold.until(fit, device.deviceClass, lanesWithWork, oldestMs, this.nowMs);
    if (untilMs === null) return false;
    laneBand.heldUntilMs = untilMs;
    laneBand.lane.setHeld(true, this.nowMs);
    this.held.add(laneBand);
    return true;
  }

  private release(laneBand: LaneBand): void {
    laneBand.heldUntilMs = null;
    if (!this.held.delete(laneBand)) return;
    laneBand.lane.setHeld(false, this.nowMs);
  }
}
