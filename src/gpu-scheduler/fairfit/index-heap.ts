import type { Work } from './work.js';

/** A place in one heap: the owner, its key, and a tie-breaker that is unique within the heap. */
export class HeapSlot<T> {
  /** Where it stands. */
  key = 0;
  /** Where it belongs: `key`, or above it until it comes to the top. */
  dueKey = 0;
  /** Position in the heap; -1 = in none. */
  at = -1;

  constructor(
    readonly owner: T,
    readonly tie: number,
  ) {}
}

/** Binary min-heap that knows where its members are: every change is O(log n). */
export class IndexHeap<T> {
  private readonly slots: HeapSlot<T>[] = [];

  constructor(private readonly work: Work) {}

  get length(): number {
    return this.slots.length;
  }

  /** The least member; those that came to the top and belong further down go there first. */
  peek(): HeapSlot<T> | null {
    let top = this.slots[0];
    while (top && top.key < top.dueKey) {
      top.key = top.dueKey;
      this.down(0);
      top = this.slots[0];
    }
    return top ?? null;
  }

  /** Like `set`, but a slot whose key grows stays until it comes to the top: keys that grow often cost little. */
  follow(slot: HeapSlot<T>, key: number): void {
    if (slot.at < 0 || key < slot.key) this.set(slot, key);
    else slot.dueKey = key;
  }

  /** Puts the slot in, or moves it to its new key. */
  set(slot: HeapSlot<T>, key: number): void {
    slot.dueKey = key;
    if (slot.at < 0) {
      slot.key = key;
      slot.at = this.slots.length;
      this.slots.push(slot);
      this.up(slot.at);
      return;
    }
    if (slot.key === key) return;
    const isLess = key < slot.key;
    slot.key = key;
    if (isLess) this.up(slot.at);
    else this.down(slot.at);
  }

  /** Takes the slot out; nothing happens when it is not in. */
  remove(slot: HeapSlot<T>): void {
    const { at } = slot;
    if (at < 0) return;
    const last = this.slots.pop() as HeapSlot<T>;
    slot.at = -1;
    if (last === slot) return;
    this.slots[at] = last;
    last.at = at;
    this.up(at);
    this.down(last.at);
  }

  /**
   * Looks at the members in ascending order of where they stand until `visit` returns false, without changing the heap:
   * O(k log k) for k members. Do not change the heap meanwhile.
   */
  ascend(visit: (slot: HeapSlot<T>) => boolean): void {
    const frontier: HeapSlot<T>[] = [];
    this.offer(frontier, 0);
    for (let next = frontier.pop(); next; next = frontier.pop()) {
      this.work.steps += 1;
      if (!visit(next)) return;
      this.offer(frontier, 2 * next.at + 1);
      this.offer(frontier, 2 * next.at + 2);
    }
  }

  /** Keeps the frontier in descending order, least last. */
  private offer(frontier: HeapSlot<T>[], at: number): void {
    const slot = this.slots[at];
    if (!slot) return;
    let to = frontier.length;
    frontier.push(slot);
    for (let before = frontier[to - 1]; before && isLess(before, slot); before = frontier[to - 1]) {
      this.work.steps += 1;
      frontier[to] = before;
      to -= 1;
    }
    frontier[to] = slot;
  }

  private up(from: number): void {
    const slot = this.slots[from] as HeapSlot<T>;
    let at = from;
    while (at > 0) {
      const above = this.slots[(at - 1) >> 1] as HeapSlot<T>;
      this.work.steps += 1;
      if (!isLess(slot, above)) break;
      this.slots[at] = above;
      above.at = at;
      at = (at - 1) >> 1;
    }
    this.slots[at] = slot;
    slot.at = at;
  }

  private down(from: number): void {
    const slot = this.slots[from] as HeapSlot<T>;
    let at = from;
    for (;;) {
      const left = this.slots[2 * at + 1];
      if (!left) break;
      const right = this.slots[2 * at + 2];
      const least = right && isLess(right, left) ? right : left;
      this.work.steps += 1;
      if (!isLess(least, slot)) break;
      const to = least.at;
      this.slots[at] = least;
      least.at = at;
      at = to;
    }
    this.slots[at] = slot;
    slot.at = at;
  }
}

function isLess<T>(a: HeapSlot<T>, b: HeapSlot<T>): boolean {
  return a.key < b.key || (a.key === b.key && a.tie < b.tie);
}
