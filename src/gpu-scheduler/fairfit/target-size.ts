import type { BandWork } from './band-work.js';
import type { Band } from './band.js';
import { Conforming } from './conforming.js';
import type { LaneBand } from './lane-band.js';
import type { FairFitOptions } from './options.js';

/** What the size of a lane's next batch depends on, apart from its deadlines. */
export interface SizeContext {
  readonly band: Band;
  readonly work: BandWork;
  readonly options: FairFitOptions;
}

/**
 * b*: the batch of dated items that a lane aims at on a device class, rows. An item that just misses a batch waits for
 * the others' turns and then runs. If anybody conforms, or several tenants share the lane, the wait is what the other
 * lanes really hold (never less than a regular cycle of full batches allows); else at most one further turn.
 */
export function targetRows(laneBand: LaneBand, deviceClass: string, { band, work, options }: SizeContext): number {
  const { lane } = laneBand;
  const cost = lane.cost(deviceClass);
  const devices = lane.devicesIn(deviceClass);
  const turns = Math.max(1, band.lanes.size) / devices;
  const useful = Math.min(lane.maxBatchSize, cost.kneeRows(options.usefulEpsilon));
  const isShared =
    laneBand.dated.byTenant.size >= 2 || Conforming.inLane(lane, band, options.conformingFraction).holdsForAny(band);
  let rows = cost.rowsWithin(lane.sloMs / (1 + (isShared ? turns : Math.min(1, turns))));
  if (isShared) {
    const waitMs = work.othersMs(laneBand) / devices;
    rows = Math.max(rows, cost.rowsWithin((lane.sloMs - waitMs) / (1 + 1 / devices)));
  }
  return Math.max(1, Math.min(rows, useful));
}

/**
 * Blocking cap, rows: runs are not preempted, so a batch of a lower band, or of undated items, takes at most half the
 * tightest SLO that it could delay.
 * @param bands the bands whose recent dated arrivals count
 */
export function blockingRows(laneBand: LaneBand, deviceClass: string, bands: readonly Band[], nowMs: number): number {
  const cost = laneBand.lane.cost(deviceClass);
  let sloMs = Infinity;
  for (const band of bands) sloMs = Math.min(sloMs, band.recentSlos.at(nowMs));
  return sloMs === Infinity ? Infinity : Math.max(1, cost.rowsWithin(sloMs / 2));
}
