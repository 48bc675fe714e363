import type { Conductor } from './conductor.js';
import type { Item } from './item.js';
import type { Lane } from './lane.js';

/**
 * Raw estimate of an item's wait, ms: until the first able device is free, plus what is queued ahead at the tenant's
 * fair rate, but no longer than everything queued in its band and above takes on all devices. Null while no device
 * holds the model.
 * @param ownMs queued cost of its tenant ahead of it; default: everything the tenant has queued in the band
 */
export function expectedWaitMs(
  item: Item,
  lane: Lane,
  { queues, fleet }: Conductor,
  nowMs: number,
  ownMs = item.account.queuedMs,
): number | null {
  const reference = lane.model.referenceClass;
  if (reference === null || lane.model.copies === 0) return null;
  const freeInMs = Math.max(0, fleet.soonestFreeMs(lane.model) - nowMs);
  const devices = lane.devicesIn(reference);
  const { account } = item;
  let allMs = 0;
  for (let band = 0; band <= account.band; band += 1) allMs += queues.bands[band]?.queuedMs ?? 0;
  const weights = Math.max(account.tenant.weight, queues.bands[account.band]?.weights ?? 0);
  const fairMs = (ownMs * weights) / (account.tenant.weight * devices);
  return freeInMs + Math.min(fairMs, allMs / devices);
}
