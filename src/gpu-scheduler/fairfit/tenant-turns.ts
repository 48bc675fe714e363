import type { Item } from './item.js';
import { type Linked, LinkedQueue } from './linked-queue.js';
import type { TenantAccount } from './tenant-account.js';

/** One tenant's items of one lane and band, first in, first out. */
export class TenantQueue implements Linked<TenantQueue> {
  prev: TenantQueue | null = null;
  next: TenantQueue | null = null;
  readonly items = new LinkedQueue<Item>();

  constructor(readonly account: TenantAccount) {}
}

/** The tenants of one lane and band that have items queued, in the order of their turns. */
export class TenantTurns {
  private readonly ring = new LinkedQueue<TenantQueue>();
  private readonly byTenant = new Map<string, TenantQueue>();
  /** Number of the latest dispatch that served this lane and band; 0 = never. */
  lastServed = 0;

  push(item: Item): void {
    const { tenantId } = item.facts;
    let queue = this.byTenant.get(tenantId);
    if (!queue) {
      queue = new TenantQueue(item.account);
      this.byTenant.set(tenantId, queue);
      this.ring.pushBack(queue);
    }
    queue.items.pushBack(item);
  }

  remove(item: Item): void {
    const queue = this.byTenant.get(item.facts.tenantId);
    if (!queue) return;
    queue.items.remove(item);
    if (queue.items.length > 0) return;
    this.ring.remove(queue);
    this.byTenant.delete(item.facts.tenantId);
  }

  /** True when a tenant below its in-flight limit has an item here. */
  hasRunnable(): boolean {
    for (const queue of this.ring) if (!queue.account.isAtLimit) return true;
    return false;
  }

  /** The queues, next turn first. */
  queues(): Iterable<TenantQueue> {
    return this.ring;
  }

  /**
   * Serves turns until `accept` refuses an item: one item per tenant and turn, oldest first. A tenant at its in-flight
   * limit keeps its place. An item that does not fit ends the round, so that nobody overtakes: the round robin is exact.
   * @param accept takes the item out of the queue's books and returns true, or returns false when it does not fit
   */
  serve(accept: (item: Item) => boolean): void {
    const held: TenantQueue[] = [];
    for (let queue = this.ring.head; queue; queue = this.ring.head) {
      if (queue.account.isAtLimit) {
        this.ring.remove(queue);
        held.push(queue);
        continue;
      }
      const item = queue.items.head;
      if (!item || !accept(item)) break;
      this.remove(item);
      if (queue.items.length === 0) continue;
      this.ring.remove(queue);
      this.ring.pushBack(queue);
    }
    for (const queue of held.reverse()) this.ring.pushFront(queue);
  }
}
