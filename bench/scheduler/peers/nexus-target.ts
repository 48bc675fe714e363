import { MAX_BATCH, type PeerView } from './peer-view.js';

/**
 * Nexus' batch size for a rate: the largest that still meets the SLO when an item just misses a batch, given how many
 * devices the rate keeps busy; for a rate below one device the largest that fills in time.
 * @param rate items per ms
 */
export function nexusTarget(view: PeerView, lane: number, rate: number): number {
  const { sloMs } = view.lane(lane);
  for (let b = 1; b <= MAX_BATCH; b += 1) {
    const runMs = view.runMs(lane, b);
    const busy = (rate * runMs) / b;
    if (runMs * (1 + 1 / Math.max(1, busy)) <= sloMs) continue;
    if (busy > 1) return Math.max(1, b - 1);
    break;
  }
  let best = 1;
  while (best < MAX_BATCH && view.runMs(lane, best + 1) + (best + 1) / rate <= sloMs) best += 1;
  return best;
}
