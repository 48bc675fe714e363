import { type OrderEntry, OrderNode } from './order-node.js';
import type { Work } from './work.js';

/**
 * Order-statistic B+ tree: insert, remove, first at or after a due time, and units at or after it, each in O(log n) with
 * few levels. A tree of one entry has no node: most tenants have one item in a lane.
 */
export class OrderTree<T extends OrderEntry> {
  length = 0;
  /** Units of all entries. */
  units = 0;
  private root: OrderNode<T> | null = null;
  private head: T | null = null;

  constructor(private readonly work: Work) {}

  first(): T | null {
    return this.head;
  }

  insert(entry: T): void {
    if (this.head && !this.root) this.plant(this.head);
    if (this.root) {
      const right = this.insertUnder(this.root, entry);
      if (right) this.root = OrderNode.above(this.root, right);
    }
    this.length += 1;
    this.units += entry.size;
    if (!this.head || isBefore(entry, this.head)) this.head = entry;
  }

  /** @throws Error when the tree does not hold the entry */
  remove(entry: T): void {
    if (this.root) this.removeUnder(this.root, entry);
    else if (this.head !== entry) throw stranger(entry);
    this.length -= 1;
    this.units -= entry.size;
    this.root = this.length > 0 ? (this.root?.onlyChild ?? this.root) : null;
    if (this.head === entry) this.head = this.leftmost(this.root);
  }

  /** The first entry that is due no sooner. */
  firstFrom(dueMs: number): T | null {
    if (!this.head || this.head.dueMs >= dueMs) return this.head;
    let next: OrderNode<T> | null = null;
    let node = this.root;
    while (node && !node.isLeaf) {
      this.work.steps += 1;
      const at = node.childOf(dueMs, -Infinity);
      next = node.childAt(at + 1) ?? next;
      node = node.childAt(at);
    }
    return node?.entryAt(node.placeOf(dueMs, -Infinity)) ?? this.leftmost(next);
  }

  /** Units of the entries that are due no sooner. */
  unitsFrom(dueMs: number): number {
    return this.head && this.head.dueMs < dueMs ? this.unitsAfter(dueMs, -Infinity) : this.units;
  }

  /** Units of the entries before this place. */
  unitsBefore(dueMs: number, seq: number): number {
    return this.units - this.unitsAfter(dueMs, seq);
  }

  /** Entries in order from the first that is due no sooner. Do not change the tree meanwhile. */
  *from(dueMs: number): Generator<T> {
    if (this.root) yield* this.under(this.root, dueMs);
    else if (this.head && this.head.dueMs >= dueMs) yield this.head;
  }

  private plant(entry: T): void {
    this.root = new OrderNode<T>(true);
    this.root.putEntry(0, entry);
  }

  private unitsAfter(dueMs: number, seq: number): number {
    const { root, head } = this;
    if (!root) return head && (head.dueMs > dueMs || (head.dueMs === dueMs && head.seq >= seq)) ? this.units : 0;
    let units = 0;
    let node = root;
    while (!node.isLeaf) {
      this.work.steps += 1;
      const at = node.childOf(dueMs, seq);
      units += node.unitsFrom(at + 1);
      node = node.childAt(at) as OrderNode<T>;
    }
    this.work.steps += 1;
    return units + node.unitsFrom(node.placeOf(dueMs, seq));
  }

  private *under(node: OrderNode<T>, dueMs: number): Generator<T> {
    this.work.steps += 1;
    if (node.isLeaf) {
      for (let at = node.placeOf(dueMs, -Infinity); at < node.length; at += 1) yield node.entryAt(at) as T;
      return;
    }
    for (let at = node.childOf(dueMs, -Infinity); at < node.length; at += 1) {
      yield* this.under(node.childAt(at) as OrderNode<T>, dueMs);
    }
  }

  private leftmost(from: OrderNode<T> | null): T | null {
    let node = from;
    while (node && !node.isLeaf) {
      this.work.steps += 1;
      node = node.childAt(0);
    }
    return node?.first() ?? null;
  }

  /** @returns the new right half of the node when it was split */
  private insertUnder(node: OrderNode<T>, entry: T): OrderNode<T> | null {
    this.work.steps += 1;
    if (node.isLeaf) node.putEntry(node.placeOf(entry.dueMs, entry.seq), entry);
    else {
      const at = node.childOf(entry.dueMs, entry.seq);
      const right = this.insertUnder(node.childAt(at) as OrderNode<T>, entry);
      if (right) node.adopt(at, right);
      else node.addUnits(at, entry.size);
    }
    return node.split();
  }

  private removeUnder(node: OrderNode<T>, entry: T): void {
    this.work.steps += 1;
    if (node.isLeaf) {
      const at = node.placeOf(entry.dueMs, entry.seq);
      if (node.entryAt(at) !== entry) throw stranger(entry);
      return node.cutEntry(at);
    }
    const at = node.childOf(entry.dueMs, entry.seq);
    this.removeUnder(node.childAt(at) as OrderNode<T>, entry);
    node.addUnits(at, -entry.size);
    node.mend(at);
  }
}

function stranger({ seq }: OrderEntry): Error {
  return new Error(`The tree does not hold entry ${seq}.`);
}

function isBefore(a: OrderEntry, b: OrderEntry): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.seq < b.seq);
}
