import type { SimItem } from '../machine/sim-item.js';

/** A queue of items in order of arrival or of deadline, cheap at its head. */
export class ItemQueue {
  private items: SimItem[] = [];
  private start = 0;

  get length(): number {
    return this.items.length - this.start;
  }

  get head(): SimItem | undefined {
    return this.items[this.start];
  }

  at(index: number): SimItem | undefined {
    return this.items[this.start + index];
  }

  push(item: SimItem): void {
    this.items.push(item);
  }

  /** Puts the item behind all that are due no later. */
  pushByDeadline(item: SimItem): void {
    let i = this.items.length;
    while (i > this.start && (this.items[i - 1] as SimItem).deadline > item.deadline) i -= 1;
    if (i === this.items.length) this.items.push(item);
    else this.items.splice(i, 0, item);
  }

  /** Removes and returns the first `count` items. */
  take(count: number): SimItem[] {
    const taken = this.items.slice(this.start, this.start + count);
    this.drop(taken.length);
    return taken;
  }

  /** Removes `count` items behind the first `index`. */
  takeAt(index: number, count: number): SimItem[] {
    if (index === 0) return this.take(count);
    return this.items.splice(this.start + index, count);
  }

  drop(count: number): void {
    this.start += count;
    if (this.start > 1024 && this.start * 2 > this.items.length) {
      this.items = this.items.slice(this.start);
      this.start = 0;
    }
  }

  /** Drops heads while the test says so. */
  dropWhile(isGone: (item: SimItem) => boolean): void {
    for (let head = this.head; head && isGone(head); head = this.head) this.drop(1);
  }

  /** In a queue ordered by deadline: how many heads are due before `at`. */
  dueBefore(at: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.at(middle) as SimItem).deadline < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

export function queues(count: number): ItemQueue[] {
  return Array.from({ length: count }, () => new ItemQueue());
}
