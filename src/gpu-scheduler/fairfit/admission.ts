import type { RejectCommand } from './commands.js';
import type { EnqueuedItem } from './events.js';
import type { TenantAccount } from './tenant-account.js';

/** A full queue never invites a retry sooner than this. */
const MIN_RETRY_MS = 1_000;

/** What the core knows when an item asks to be let in. */
export interface AdmissionFacts {
  readonly nowMs: number;
  readonly isDraining: boolean;
  /** Set when no device can load the model for now. */
  readonly unavailableWhy: string | null;
  /** Device time of one row of the lane, ms; 0 = not known. */
  readonly rowMs: number;
}

type Refusal = Pick<RejectCommand, 'code' | 'message' | 'retryAfterMs'>;

/** Why an item is not let in; null when it is. A refused item leaves no trace in any account. */
export function refusalOf(item: EnqueuedItem, account: TenantAccount, facts: AdmissionFacts): Refusal | null {
  if (facts.isDraining) return { code: 'draining', message: 'The worker is stopping; submit the item again.' };
  if (item.size > item.maxBatchSize) {
    const message = `The item has ${item.size} rows, the model takes ${item.maxBatchSize} at once; split the input.`;
    return { code: 'item_too_large', message };
  }
  if (facts.unavailableWhy !== null) return { code: 'model_unavailable', message: facts.unavailableWhy };
  if (item.deadlineMs !== null && item.deadlineMs <= facts.nowMs) {
    return { code: 'deadline_exceeded', message: 'The deadline passed before the item was queued; allow more time.' };
  }
  const overflowRows = account.totalQueuedRows + item.size - item.maxEnqueued;
  if (overflowRows <= 0) return null;
  return {
    code: 'queue_full',
    message: `The tenant has ${account.totalQueuedRows} rows queued of ${item.maxEnqueued}; retry later.`,
    retryAfterMs: Math.max(MIN_RETRY_MS, Math.ceil(overflowRows * facts.rowMs)),
  };
}
