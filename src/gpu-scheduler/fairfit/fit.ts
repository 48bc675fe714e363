import { Conforming } from './conforming.js';
import type { CostModel } from './cost-model.js';
import type { Item } from './item.js';
import type { LaneBand } from './lane-band.js';
import { leavesToFaster, type ShareBound, shareBound } from './mixed-speeds.js';
import type { FairFitOptions } from './options.js';
import type { Queues } from './queues.js';
import { blockingRows, targetRows } from './target-size.js';

/** Tenants looked at for the earliest conforming deadline; with more, the least served ones are asked as well. */
const MAX_HEADS = 64;
const MAX_LEAST = 16;

/** The batch that a lane would send on a device class now. */
export interface Fit {
  readonly laneBand: LaneBand;
  readonly cost: CostModel;
  /** Planned size, rows. */
  readonly rows: number;
  /** Size up to which other work may fill it. */
  readonly fillRows: number;
  /** The run begins here: now, or after a load; monotonic ms. */
  readonly startMs: number;
  /** Latest safe start D - U(b); lanes go in this order. */
  readonly keyMs: number;
  readonly branch: 'protected' | 'relaxed' | 'shed' | 'undated';
  /** Bounds what tenants beyond their share add; null = nothing does. */
  readonly shareBound: ShareBound | null;
  /** What bounds the size. */
  readonly bound: 'target' | 'deadline' | 'queue';
}

/** Where and when. */
interface Slot {
  readonly deviceClass: string;
  readonly startMs: number;
  readonly nowMs: number;
}

/** Fits the batch of a lane to its deadlines: O(log b * log n). */
export class Fitter {
  constructor(
    private readonly queues: Queues,
    private readonly options: FairFitOptions,
  ) {}

  /** The batch of the lane's dated items; null when none of them can finish in time on this class. */
  dated(laneBand: LaneBand, slot: Slot): Fit | null {
    const { lane, dated } = laneBand;
    const cost = lane.cost(slot.deviceClass);
    const first = dated.items.firstFrom(slot.startMs + cost.upperMs(1));
    if (!first) return null;
    if (lane.facts.alone) return this.lone(laneBand, first, slot);
    const limit = Math.min(lane.maxBatchSize, this.blocking(laneBand, slot, false));
    const target = Math.min(limit, this.target(laneBand, slot.deviceClass));
    const n = dated.items.units;
    const guarded = this.conformingDueMs(laneBand, first.dueMs);
    if (guarded !== null) {
      const fitting = cost.rowsWithin(guarded - slot.startMs);
      const rows = Math.max(1, Math.min(target, fitting, n));
      if (!leavesToFaster(laneBand, cost, rows, Math.min(target, n))) {
        return this.fit(laneBand, slot, 'protected', rows, { dueMs: guarded, target, limit });
      }
    }
    const fitting = cost.rowsWithin(first.dueMs - slot.startMs);
    if (guarded === null && fitting >= Math.min(n, target)) {
      const rows = Math.max(1, Math.min(fitting, n, limit));
      return this.fit(laneBand, slot, 'relaxed', rows, { dueMs: first.dueMs, target: rows, limit });
    }
    const rows = this.window(laneBand, slot, Math.min(target, n));
    const dueMs = dated.items.firstFrom(slot.startMs + cost.upperMs(rows))?.dueMs ?? first.dueMs;
    return this.fit(laneBand, slot, 'shed', rows, { dueMs, target, limit });
  }

  /** The batch of a lane's undated items: up to the knee, where more rows save little. */
  undated(laneBand: LaneBand, slot: Slot): Fit | null {
    const { lane, undated } = laneBand;
    const first = undated.items.first();
    if (!first) return null;
    if (lane.facts.alone) return this.lone(laneBand, first, slot);
    const knee = lane.cost(slot.deviceClass).kneeRows(this.options.kneeEpsilon);
    const limit = Math.min(lane.maxBatchSize, this.blocking(laneBand, slot, true));
    const target = Math.min(knee, limit);
    const rows = Math.min(target, undated.items.units);
    return this.fit(laneBand, slot, 'undated', rows, { dueMs: first.dueMs, target, limit });
  }

  private lone(laneBand: LaneBand, { facts, dueMs, isDated }: Item, slot: Slot): Fit {
    const bounds = { dueMs, target: facts.size, limit: facts.size };
    return this.fit(laneBand, slot, isDated ? 'relaxed' : 'undated', facts.size, bounds);
  }

  private fit(
    laneBand: LaneBand,
    slot: Slot,
    branch: Fit['branch'],
    rows: number,
    { dueMs, target, limit }: { readonly dueMs: number; readonly target: number; readonly limit: number },
  ): Fit {
    const cost = laneBand.lane.cost(slot.deviceClass);
    const inTime = branch === 'undated' ? limit : Math.min(limit, cost.rowsWithin(dueMs - slot.startMs));
    const isAll = rows >= (branch === 'undated' ? laneBand.undated : laneBand.dated).items.units;
    return {
      laneBand,
      cost,
      rows,
      fillRows: Math.max(rows, Math.min(target, inTime)),
      startMs: slot.startMs,
      keyMs: dueMs - cost.upperMs(rows),
      branch,
      shareBound: branch === 'undated' ? null : this.shareBound(laneBand, slot.deviceClass),
      bound: isAll ? 'queue' : rows >= Math.min(target, limit) ? 'target' : 'deadline',
    };
  }

  /** The largest b up to `most` with at least b rows due no sooner than the finish of a batch of b. */
  private window({ lane, dated }: LaneBand, { startMs, deviceClass }: Slot, most: number): number {
    const cost = lane.cost(deviceClass);
    let low = 1;
    let high = Math.max(1, most);
    while (low < high) {
      const rows = (low + high + 1) >> 1;
      if (dated.items.unitsFrom(startMs + cost.upperMs(rows)) >= rows) low = rows;
      else high = rows - 1;
    }
    return low;
  }

  /** Earliest deadline, from the given one, of a tenant that conforms here and may run; null when there is none. */
  private conformingDueMs(laneBand: LaneBand, fromMs: number): number | null {
    const { dated, lane } = laneBand;
    const { conformingFraction, sharedConformingFraction } = this.options;
    const band = this.queues.bands[laneBand.band];
    if (!band) return null;
    const phi = dated.byTenant.size >= 2 ? sharedConformingFraction : conformingFraction;
    const conforming = Conforming.inLane(lane, band, phi);
    let found: number | null = null;
    let heads = 0;
    dated.byHead.ascend(({ key, owner: { account } }) => {
      heads += 1;
      if (key >= fromMs && !account.tenant.isAtLimit && conforming.holds(account)) found = key;
      return found === null && heads < MAX_HEADS;
    });
    if (found !== null || heads < MAX_HEADS) return found;
    let asked = 0;
    dated.byVtime.ascend(({ owner: { account, items } }) => {
      asked += 1;
      const due = items.firstFrom(fromMs)?.dueMs ?? Infinity;
      if (due < (found ?? Infinity) && !account.tenant.isAtLimit && conforming.holds(account)) found = due;
      return asked < MAX_LEAST;
    });
    return found;
  }

  private shareBound(laneBand: LaneBand, deviceClass: string): ShareBound | null {
    const band = this.queues.bands[laneBand.band];
    return band ? shareBound(laneBand, deviceClass, band, this.options.sharedConformingFraction) : null;
  }

  private target(laneBand: LaneBand, deviceClass: string): number {
    const band = this.queues.bands[laneBand.band];
    const work = this.queues.work[laneBand.band];
    return band && work ? targetRows(laneBand, deviceClass, { band, work, options: this.options }) : 1;
  }

  private blocking(laneBand: LaneBand, { deviceClass, nowMs }: Slot, withOwn: boolean): number {
    const bands = this.queues.bands.slice(0, laneBand.band + (withOwn ? 1 : 0));
    return blockingRows(laneBand, deviceClass, bands, nowMs);
  }
}
