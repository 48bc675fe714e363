import type { WaitReason } from '../work-item.js';
import type { Waits } from './commands.js';
import type { Conductor } from './conductor.js';
import { expectedWaitMs } from './expected-wait.js';
import type { Item } from './item.js';

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
  };
}

function reasonOf(item: Item, parts: Conductor, waiter: Parameters<Item['wait']['reason']>[0]): WaitReason {
  const home = parts.queues.home(item);
  if (!home.lane.isResident) return 'model_loading';
  if (home.heldUntilMs !== null) return 'batch_filling';
  if (item.tenant.isAtLimit) return 'quota';
  return item.wait.reason(waiter);
}
