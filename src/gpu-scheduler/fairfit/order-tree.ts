import type { Work } from './work.js';

/** A member of a tree, ordered by key and then by seq. Belongs to one tree at most. */
export class OrderNode<T> {
  left: OrderNode<T> | null = null;
  right: OrderNode<T> | null = null;
  /** Units of the subtree. */
  sum: number;
  readonly priority: number;

  constructor(
    readonly value: T,
    readonly key: number,
    readonly seq: number,
    readonly units: number,
  ) {
    this.sum = units;
    this.priority = scramble(seq);
  }
}

/**
 * Order-statistic tree (a treap whose priorities are hashes of seq, so the same input gives the same tree): insert,
 * remove, first at or after a key, and units at or after a key, each in O(log n) expected.
 */
export class OrderTree<T> {
  length = 0;
  private root: OrderNode<T> | null = null;
  private head: OrderNode<T> | null = null;

  constructor(private readonly work: Work) {}

  /** Units of all members. */
  get units(): number {
    return this.root?.sum ?? 0;
  }

  first(): T | null {
    return this.head?.value ?? null;
  }

  insert(node: OrderNode<T>): void {
    node.left = node.right = null;
    node.sum = node.units;
    this.root = this.insertUnder(this.root, node);
    if (!this.head || isBefore(node, this.head)) this.head = node;
    this.length += 1;
  }

  /** The node must be in this tree. */
  remove(node: OrderNode<T>): void {
    this.root = this.removeUnder(this.root, node);
    this.length -= 1;
    if (this.head !== node) return;
    this.head = this.root;
    while (this.head?.left) {
      this.work.steps += 1;
      this.head = this.head.left;
    }
  }

  /** The first member whose key is at least this. */
  firstFrom(key: number): T | null {
    if (this.head && this.head.key >= key) return this.head.value;
    let found: OrderNode<T> | null = null;
    for (let at = this.root; at;) {
      this.work.steps += 1;
      if (at.key >= key) {
        found = at;
        at = at.left;
      } else at = at.right;
    }
    return found?.value ?? null;
  }

  /** Units of the members whose key is at least this. */
  unitsFrom(key: number): number {
    if (this.head && this.head.key >= key) return this.units;
    let units = 0;
    for (let at = this.root; at;) {
      this.work.steps += 1;
      if (at.key >= key) {
        units += at.units + (at.right?.sum ?? 0);
        at = at.left;
      } else at = at.right;
    }
    return units;
  }

  /** Units of the members before this place. */
  unitsBefore(key: number, seq: number): number {
    let units = 0;
    for (let at = this.root; at;) {
      this.work.steps += 1;
      if (at.key < key || (at.key === key && at.seq < seq)) {
        units += at.units + (at.left?.sum ?? 0);
        at = at.right;
      } else at = at.left;
    }
    return units;
  }

  /** Members in order from the first whose key is at least this. Do not change the tree meanwhile. */
  *from(key: number): Generator<T> {
    const path: OrderNode<T>[] = [];
    const descend = (start: OrderNode<T> | null) => {
      for (let at = start; at;) {
        this.work.steps += 1;
        if (at.key >= key) path.push(at);
        at = at.key >= key ? at.left : at.right;
      }
    };
    descend(this.root);
    for (let at = path.pop(); at; at = path.pop()) {
      yield at.value;
      descend(at.right);
    }
  }

  private insertUnder(at: OrderNode<T> | null, node: OrderNode<T>): OrderNode<T> {
    if (!at) return node;
    this.work.steps += 1;
    if (node.priority > at.priority) {
      this.splitInto(at, node);
      return total(node);
    }
    if (isBefore(node, at)) at.left = this.insertUnder(at.left, node);
    else at.right = this.insertUnder(at.right, node);
    at.sum += node.units;
    return at;
  }

  /** Hangs what is before the node on its left and the rest on its right. */
  private splitInto(from: OrderNode<T>, node: OrderNode<T>): void {
    const split = (at: OrderNode<T> | null): [OrderNode<T> | null, OrderNode<T> | null] => {
      if (!at) return [null, null];
      this.work.steps += 1;
      if (isBefore(at, node)) {
        const [low, high] = split(at.right);
        at.right = low;
        return [total(at), high];
      }
      const [low, high] = split(at.left);
      at.left = high;
      return [low, total(at)];
    };
    [node.left, node.right] = split(from);
  }

  private removeUnder(at: OrderNode<T> | null, node: OrderNode<T>): OrderNode<T> | null {
    this.work.steps += 1;
    if (!at) throw new Error(`The tree does not hold member ${node.seq}.`);
    if (at === node) return this.merge(at.left, at.right);
    if (isBefore(node, at)) at.left = this.removeUnder(at.left, node);
    else at.right = this.removeUnder(at.right, node);
    at.sum -= node.units;
    return at;
  }

  private merge(low: OrderNode<T> | null, high: OrderNode<T> | null): OrderNode<T> | null {
    if (!low || !high) return low ?? high;
    this.work.steps += 1;
    if (low.priority > high.priority) {
      low.right = this.merge(low.right, high);
      return total(low);
    }
    high.left = this.merge(low, high.left);
    return total(high);
  }
}

function total<T>(node: OrderNode<T>): OrderNode<T> {
  node.sum = node.units + (node.left?.sum ?? 0) + (node.right?.sum ?? 0);
  return node;
}

function isBefore<T>(a: OrderNode<T>, b: OrderNode<T>): boolean {
  return a.key < b.key || (a.key === b.key && a.seq < b.seq);
}

/** Finalizer of MurmurHash3 (32 bit): neighbours in seq get unrelated priorities. */
function scramble(seq: number): number {
  let h = seq | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
