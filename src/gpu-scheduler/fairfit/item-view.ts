import type { WaitReason } from '../work-item.js';
import type { Waits } from './commands.js';
import type { Conductor } from './conductor.js';
import { expectedWaitMs } from './expected-wait.js';
import type { Item } from './item.js';
import type { LaneBand } from './lane-band.js';

/** Where a queued item stands. */
export interface ItemView {
  readonly lane: string;
  readonly reason: WaitReason;
  readonly waitedMs: number;
  readonly waits: Waits;
  /** Rows of the same lane and band that are due before the item. */
  readonly rowsAhead: number;
  /** The part of them that is its tenant's own. */
  readonly tenantRowsAhead: number;
  /** Expected time until it starts, ms: the median; null while no device holds the model. */
  readonly estimatedStartMs: number | null;
  /** Nine in ten items start within this, ms. */
  readonly estimatedStartP90Ms: number | null;
  /** Expected run time of the batch that it would be in, and the same with its margin, ms; null while no device can. */
  readonly run: { readonly expectedMs: number; readonly upperMs: number } | null;
  /** Set while the lane is held for a better batch: rows there, rows expected when it ends, and when, ms from now. */
  readonly hold: { readonly rows: number; readonly targetRows: number; readonly endsInMs: number } | null;
}

/** Explains a queued item. */
export function viewOf(item: Item, parts: Conductor, nowMs: number): ItemView {
  const home = parts.queues.home(item);
  const { lane } = home;
  const queue = parts.queues.queueOf(item);
  const own = queue.byTenant.get(item.account);
  const tenantRowsAhead = own ? own.items.unitsBefore(item.dueMs, item.seq) : 0;
  const expectedMs = expectedWaitMs(item, lane, parts, nowMs, tenantRowsAhead * lane.unitMs);
  const eta = expectedMs === null ? null : parts.eta.quantiles(expectedMs);
  const waiter = {
    tenantId: item.facts.tenantId,
    band: item.account.band,
    deadlineMs: item.isDated ? item.dueMs : null,
  };
  return {
    lane: lane.id,
    reason: reasonOf(item, parts, waiter),
    waitedMs: nowMs - item.wait.enqueuedAtMs,
    waits: item.wait.waits(nowMs, waiter),
    rowsAhead: queue.items.unitsBefore(item.dueMs, item.seq),
    tenantRowsAhead,
    estimatedStartMs: eta?.p50Ms ?? null,
    estimatedStartP90Ms: eta?.p90Ms ?? null,
    run: runOf(home),
    hold: holdOf(home, nowMs),
  };
}

function runOf({ lane, rows }: LaneBand): ItemView['run'] {
  const cost = lane.referenceCost;
  const batchRows = Math.max(1, Math.min(rows, lane.maxBatchSize));
  return cost && { expectedMs: cost.expectedMs(batchRows), upperMs: cost.upperMs(batchRows) };
}

function holdOf({ heldUntilMs, rows, lane }: LaneBand, nowMs: number): ItemView['hold'] {
  if (heldUntilMs === null) return null;
  const endsInMs = Math.max(0, heldUntilMs - nowMs);
  const targetRows = Math.min(lane.maxBatchSize, Math.max(rows + 1, Math.round(rows + lane.rate.at(nowMs) * endsInMs)));
  return { rows, targetRows, endsInMs };
}

function reasonOf(item: Item, parts: Conductor, waiter: Parameters<Item['wait']['reason']>[0]): WaitReason {
  const home = parts.queues.home(item);
  if (!home.lane.isResident) return 'model_loading';
  if (home.heldUntilMs !== null) return 'batch_filling';
  if (item.tenant.isAtLimit) return 'quota';
  return item.wait.reason(waiter);
}
