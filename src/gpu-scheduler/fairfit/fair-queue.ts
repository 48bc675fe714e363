import type { BandAccount } from './band-account.js';
import { IndexHeap } from './index-heap.js';
import type { Item } from './item.js';
import { OrderTree } from './order-tree.js';
import { TenantQueue } from './tenant-queue.js';
import type { Work } from './work.js';

/**
 * Items of one lane and band, dated or undated: all in order of their due time, and per tenant the same, with the
 * tenants by virtual time and by their first item. Keys by virtual time are lazy: a tenant that was served elsewhere is
 * moved when it comes to the top.
 */
export class FairQueue {
  readonly items: OrderTree<Item>;
  readonly byTenant = new Map<BandAccount, TenantQueue>();
  readonly byVtime: IndexHeap<TenantQueue>;
  readonly byHead: IndexHeap<TenantQueue>;

  constructor(
    private readonly home: number,
    private readonly work: Work,
  ) {
    this.items = new OrderTree<Item>(work);
    this.byVtime = new IndexHeap<TenantQueue>(work);
    this.byHead = new IndexHeap<TenantQueue>(work);
  }

  push(item: Item): void {
    const { account } = item;
    let queue = this.byTenant.get(account);
    if (!queue) {
      queue = new TenantQueue(account, this.home, this.byVtime, this.work);
      this.byTenant.set(account, queue);
      account.countHome(this.home, 1);
      if (account.tenant.isAtLimit) account.parked.add(queue);
      else this.byVtime.set(queue.byVtime, account.vtimeMs);
    }
    this.items.insert(item);
    queue.items.insert(item);
    this.byHead.set(queue.byHead, queue.items.first()?.dueMs ?? 0);
  }

  remove(item: Item): void {
    const queue = this.byTenant.get(item.account);
    if (!queue) throw new Error(`Item ${item.facts.itemId} is not queued here.`);
    this.items.remove(item);
    queue.items.remove(item);
    const head = queue.items.first();
    if (head) return this.byHead.set(queue.byHead, head.dueMs);
    this.byHead.remove(queue.byHead);
    this.byVtime.remove(queue.byVtime);
    this.byTenant.delete(item.account);
    item.account.countHome(this.home, -1);
    item.account.parked.delete(queue);
  }

  /** The tenant that was served least, of those below their limit; null when all are at it. */
  least(): TenantQueue | null {
    for (let slot = this.byVtime.peek(); slot; slot = this.byVtime.peek()) {
      const { account } = slot.owner;
      this.work.steps += 1;
      if (account.tenant.isAtLimit) {
        this.byVtime.remove(slot);
        account.parked.add(slot.owner);
      } else if (slot.key < account.vtimeMs) this.byVtime.set(slot, account.vtimeMs);
      else return slot.owner;
    }
    return null;
  }
}
