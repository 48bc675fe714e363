/** What a tree keeps: in order of `dueMs`, then of `seq`. Neither may change while it is in the tree. */
export interface OrderEntry {
  readonly dueMs: number;
  readonly seq: number;
  /** Units that it counts for. */
  readonly size: number;
}

/** Members of one node at most. */
const MAX_MEMBERS = 32;

/**
 * A node of a B+ tree: a leaf holds entries, a branch holds nodes. Keys and units stand in arrays of their own, so that a
 * search touches no entry and no node that it does not go through.
 */
export class OrderNode<T extends OrderEntry> {
  /** Leaf: due times. Branch: a lower bound of each child; that of the first child is not used. */
  private readonly keys: number[] = [];
  /** Branch: the second part of the lower bounds. */
  private readonly seqs: number[] = [];
  /** Units of each member. */
  private readonly sums: number[] = [];
  private readonly entries: T[] = [];
  private readonly children: OrderNode<T>[] = [];

  constructor(readonly isLeaf: boolean) {}

  /** A new root above two halves of the old one. */
  static above<T extends OrderEntry>(left: OrderNode<T>, right: OrderNode<T>): OrderNode<T> {
    const root = new OrderNode<T>(false);
    root.putChild(0, left, -Infinity, -Infinity);
    root.putChild(1, right, right.keys[0] as number, right.seqAt(0));
    return root;
  }

  get length(): number {
    return this.keys.length;
  }

  /** The single child of a branch that has no other. */
  get onlyChild(): OrderNode<T> | null {
    return this.isLeaf || this.length > 1 ? null : (this.children[0] as OrderNode<T>);
  }

  first(): T | null {
    return this.entries[0] ?? null;
  }

  entryAt(at: number): T | null {
    return this.entries[at] ?? null;
  }

  childAt(at: number): OrderNode<T> | null {
    return this.children[at] ?? null;
  }

  /** Members before the first one that is not less: entries of a leaf. */
  placeOf(key: number, seq: number): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.keys[middle] as number;
      if (at < key || (at === key && this.seqAt(middle) < seq)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The child of a branch where an entry is, or belongs. */
  childOf(key: number, seq: number): number {
    const at = this.placeOf(key, seq);
    const isExact = at < this.keys.length && this.keys[at] === key && this.seqs[at] === seq;
    return isExact ? at : Math.max(0, at - 1);
  }

  /** Units of the members from this place on. */
  unitsFrom(at: number): number {
    let units = 0;
    for (let i = at; i < this.sums.length; i += 1) units += this.sums[i] as number;
    return units;
  }

  addUnits(at: number, units: number): void {
    this.sums[at] = (this.sums[at] as number) + units;
  }

  putEntry(at: number, entry: T): void {
    const { keys, sums, entries } = this;
    keys.push(entry.dueMs);
    sums.push(entry.size);
    entries.push(entry);
    for (let i = keys.length - 1; i > at; i -= 1) {
      keys[i] = keys[i - 1] as number;
      sums[i] = sums[i - 1] as number;
      entries[i] = entries[i - 1] as T;
    }
    keys[at] = entry.dueMs;
    sums[at] = entry.size;
    entries[at] = entry;
  }

  cutEntry(at: number): void {
    const { keys, sums, entries } = this;
    for (let i = at + 1; i < keys.length; i += 1) {
      keys[i - 1] = keys[i] as number;
      sums[i - 1] = sums[i] as number;
      entries[i - 1] = entries[i] as T;
    }
    keys.pop();
    sums.pop();
    entries.pop();
  }

  /** Moves the upper half to a new node on the right when the node is over-full. */
  split(): OrderNode<T> | null {
    const { length } = this.keys;
    if (length <= MAX_MEMBERS) return null;
    const right = new OrderNode<T>(this.isLeaf);
    right.take(this, length >> 1);
    return right;
  }

  /** A child was split. */
  adopt(at: number, right: OrderNode<T>): void {
    this.sums[at] = (this.children[at] as OrderNode<T>).unitsFrom(0);
    this.putChild(at + 1, right, right.keys[0] as number, right.seqAt(0));
  }

  /** A child lost a member: an empty one goes, a small one joins a neighbor when both fit into one node. */
  mend(at: number): void {
    const { length } = this.children[at] as OrderNode<T>;
    if (length === 0) this.cutChild(at);
    else if (length < MAX_MEMBERS / 4 && !this.merge(Math.max(0, at - 1))) this.merge(at);
  }

  private merge(at: number): boolean {
    const left = this.children[at];
    const right = this.children[at + 1];
    if (!left || !right || left.length + right.length > MAX_MEMBERS) return false;
    // The bound of a first child may be too high: the parent knows a true one.
    right.keys[0] = right.isLeaf ? (right.keys[0] as number) : (this.keys[at + 1] as number);
    if (!right.isLeaf) right.seqs[0] = this.seqs[at + 1] as number;
    left.take(right, 0);
    this.sums[at] = (this.sums[at] as number) + (this.sums[at + 1] as number);
    this.cutChild(at + 1);
    return true;
  }

  private cutChild(at: number): void {
    for (const list of [this.keys, this.seqs, this.sums, this.children]) list.splice(at, 1);
  }

  /** Appends the members of another node from this place on, which are greater, and takes them out there. */
  private take(from: OrderNode<T>, at: number): void {
    move(from.keys, at, this.keys);
    move(from.seqs, at, this.seqs);
    move(from.sums, at, this.sums);
    move(from.entries, at, this.entries);
    move(from.children, at, this.children);
  }

  private putChild(at: number, child: OrderNode<T>, key: number, seq: number): void {
    this.keys.splice(at, 0, key);
    this.seqs.splice(at, 0, seq);
    this.sums.splice(at, 0, child.unitsFrom(0));
    this.children.splice(at, 0, child);
  }

  private seqAt(at: number): number {
    return this.isLeaf ? (this.entries[at] as T).seq : (this.seqs[at] as number);
  }
}

function move<V>(from: V[], at: number, to: V[]): void {
  for (const member of from.splice(at)) to.push(member);
}
