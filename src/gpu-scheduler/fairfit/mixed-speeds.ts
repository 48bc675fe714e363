import type { Band } from './band.js';
import { Conforming } from './conforming.js';
import type { CostModel } from './cost-model.js';
import type { LaneBand } from './lane-band.js';

/** A device this much slower than the fastest that can run the lane is a slow one. */
const SLOW_FACTOR = 1.2;
/** On a slow device a deadline that cuts the batch below this part is left to the faster ones. */
const LEAST_PART = 0.5;
/** Part of a regular cycle that a batch may take while it holds rows of tenants beyond their share. */
const BEYOND_SHARE_PART = 0.8;

/** Tenants beyond their share join a batch only up to `rows`. */
export interface ShareBound {
  readonly rows: number;
  readonly conforming: Conforming;
}

/**
 * Devices of different speeds do not take turns regularly: an item that just missed a batch may meet the slow device
 * next. What tenants have beyond their share therefore fills batches of shared lanes only up to 0.8 of a regular cycle's.
 * @param phi part of the SLO in which a conforming queue drains
 * @returns null where all devices of the lane are alike, or one tenant has the lane
 */
export function shareBound(laneBand: LaneBand, deviceClass: string, band: Band, phi: number): ShareBound | null {
  const { lane, dated } = laneBand;
  if (lane.model.able.size < 2 || dated.byTenant.size < 2) return null;
  const turns = Math.max(1, band.lanes.size) / lane.devicesIn(deviceClass);
  const rows = lane.cost(deviceClass).rowsWithin((BEYOND_SHARE_PART * lane.sloMs) / (1 + turns));
  return { rows: Math.max(1, rows), conforming: Conforming.inLane(lane, band, phi) };
}

/**
 * True when a tenant's close deadline should not shrink a batch: the device is a slow one, which spends almost as much on
 * a few rows as on many, and a faster one may still serve the item.
 * @param rows what the deadline leaves of the `wanted` rows
 */
export function leavesToFaster({ lane }: LaneBand, cost: CostModel, rows: number, wanted: number): boolean {
  if (lane.model.able.size < 2 || rows >= LEAST_PART * wanted) return false;
  return cost.upperMs(1) > SLOW_FACTOR * lane.leastUpperMs(1);
}
