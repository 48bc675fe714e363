import type { BandAccount, Parked } from './band-account.js';
import { HeapSlot, type IndexHeap } from './index-heap.js';
import type { Item } from './item.js';
import { OrderTree } from './order-tree.js';
import type { Work } from './work.js';

/** One tenant's items in a queue of a lane, the most urgent first. */
export class TenantQueue implements Parked {
  readonly items: OrderTree<Item>;
  /** Place by virtual time; its key may lag behind the account, never run ahead. */
  readonly byVtime: HeapSlot<TenantQueue>;
  /** Place by the due time of the first item. */
  readonly byHead: HeapSlot<TenantQueue>;

  constructor(
    readonly account: BandAccount,
    readonly home: number,
    private readonly heap: IndexHeap<TenantQueue>,
    work: Work,
  ) {
    this.items = new OrderTree<Item>(work);
    this.byVtime = new HeapSlot<TenantQueue>(this, account.tenant.serial);
    this.byHead = new HeapSlot<TenantQueue>(this, account.tenant.serial);
  }

  unpark(): void {
    if (this.items.length > 0) this.heap.set(this.byVtime, this.account.vtimeMs);
  }
}
