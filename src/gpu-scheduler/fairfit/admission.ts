import type { RejectCommand } from './commands.js';
import type { EnqueuedItem } from './events.js';

/** A full queue never invites a retry sooner than this. */
const MIN_RETRY_MS = 1_000;

/** What the core knows when an item asks to be let in. */
export interface AdmissionFacts {
  readonly nowMs: number;
  readonly isDraining: boolean;
  /** Set when no device can load the model. */
  readonly unavailableWhy: string | null;
  /** The shortest run that could hold the item, with its margin, ms. */
  readonly leastRunMs: number;
  /** Rows that the tenant has queued over all bands. */
  readonly tenantRows: number;
  /** Rows that the lane has queued over all tenants, and may have. */
  readonly laneRows: number;
  readonly maxLaneRows: number;
  /** Time in which the tenant's share works one row off, ms; 0 = not known. */
  readonly rowMs: () => number;
}

type Refusal = Pick<RejectCommand, 'code' | 'message' | 'retryAfterMs'>;

/** Why an item is not let in; null when it is. A refused item leaves no trace in any account. */
export function refusalOf(item: EnqueuedItem, facts: AdmissionFacts): Refusal | null {
  const fault = faultOf(item);
  if (fault) return { code: 'invalid_item', message: `Item ${item.itemId}: ${fault}.` };
  if (facts.isDraining) return { code: 'draining', message: 'The worker is stopping; submit the item again.' };
  if (item.size > item.maxBatchSize) {
    const message = `The item has ${item.size} rows, the model takes ${item.maxBatchSize} at once; split the input.`;
    return { code: 'item_too_large', message };
  }
  if (facts.unavailableWhy !== null) return { code: 'model_unavailable', message: facts.unavailableWhy };
  return lateness(item, facts) ?? overflow(item, facts);
}

/** An item that would break the arithmetic of the accounts. */
function faultOf(item: EnqueuedItem): string | null {
  if (!(item.weight > 0 && Number.isFinite(item.weight))) return 'its weight must be a number above 0';
  if (!(Number.isInteger(item.size) && item.size >= 1)) return 'its size must be a whole number of rows from 1';
  if (!(item.maxBatchSize >= 1)) return 'its largest batch must be 1 row or more';
  if (item.deadlineMs !== null && Number.isNaN(item.deadlineMs)) return 'its deadline is not a number';
  return null;
}

function lateness({ deadlineMs, deadlineAction }: EnqueuedItem, { nowMs, leastRunMs }: AdmissionFacts): Refusal | null {
  if (deadlineMs === null || deadlineAction === 'demote') return null;
  if (deadlineMs <= nowMs) {
    return { code: 'deadline_exceeded', message: 'The deadline passed before the item was queued; allow more time.' };
  }
  if (deadlineMs >= nowMs + leastRunMs) return null;
  const needed = `A run takes about ${Math.ceil(leastRunMs)} ms, the deadline is in ${Math.ceil(deadlineMs - nowMs)} ms`;
  return { code: 'deadline_unmeetable', message: `${needed}; allow more time.` };
}

function overflow(item: EnqueuedItem, { tenantRows, laneRows, maxLaneRows, rowMs }: AdmissionFacts): Refusal | null {
  const overTenant = tenantRows + item.size - item.maxEnqueued;
  const overLane = laneRows + item.size - maxLaneRows;
  if (overTenant <= 0 && overLane <= 0) return null;
  const whose = overTenant > 0 ? `The tenant has ${tenantRows} rows` : `The lane has ${laneRows} rows`;
  return {
    code: 'queue_full',
    message: `${whose} queued of ${overTenant > 0 ? item.maxEnqueued : maxLaneRows}; retry later.`,
    retryAfterMs: Math.max(MIN_RETRY_MS, Math.ceil(Math.max(overTenant, overLane) * rowMs())),
  };
}
