import type { SchedulerCore } from './fairfit/core.js';
import type { ItemView } from './fairfit/item-view.js';
import type { PendingItem } from './pending-item.js';

/** Explaining costs some microseconds an item; who is further back is told by its tenant's tail. */
const MAX_EXPLAINED = 256;

/** Two quantiles of a time, ms. */
export interface Quantiles {
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** What waits of one tenant, and what a further item of it would wait for. */
export interface TenantWaits {
  readonly tenantId: string;
  /** Items that wait longer than asked for, oldest first. */
  readonly items: readonly { readonly itemId: string; readonly view: ItemView }[];
  /** The item that came last. */
  readonly tail: ItemView;
  /** Time in which the tenant's share works one more item off; null while nobody knows. */
  readonly perItem: Quantiles | null;
}

/**
 * The tenants with an item that waits this long already, and why.
 * @param pending in the order of their enqueue
 * @param nowMs monotonic
 */
export function waitsByTenant(
  pending: Iterable<PendingItem>,
  core: SchedulerCore,
  minWaitMs: number,
  nowMs: number,
): readonly TenantWaits[] {
  const found = new Map<string, { items: TenantWaits['items'][number][]; last: PendingItem }>();
  let explained = 0;
  for (const one of pending) {
    if (one.state !== 'queued') continue;
    const { tenantId, itemId } = one.item;
    const known = found.get(tenantId);
    if (known) known.last = one;
    if (nowMs - one.enqueuedMs < minWaitMs || explained >= MAX_EXPLAINED) continue;
    const view = core.explain(itemId, nowMs);
    if (!view) continue;
    explained += 1;
    if (known) known.items.push({ itemId, view });
    else found.set(tenantId, { items: [{ itemId, view }], last: one });
  }
  return [...found].flatMap(([tenantId, { items, last }]): TenantWaits[] => {
    const tail = core.explain(last.item.itemId, nowMs);
    return tail ? [{ tenantId, items, tail, perItem: core.itemMs(tenantId, last.item.band) }] : [];
  });
}
