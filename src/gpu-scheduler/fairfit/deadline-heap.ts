import type { Item } from './item.js';

/** Slack before the heap is rebuilt without the items that left the queue by themselves. */
const STALE_SLACK = 64;

/** Queued dated items, earliest deadline first; ties by arrival. Items that left the queue are dropped lazily. */
export class DeadlineHeap {
  private entries: Item[] = [];
  private stale = 0;

  push(item: Item): void {
    this.entries.push(item);
    this.up(this.entries.length - 1);
  }

  /** An item of the heap left the queue: keeps the heap at most about twice the live items. */
  leave(): void {
    this.stale += 1;
    if (this.stale <= STALE_SLACK || this.stale * 2 < this.entries.length) return;
    const live = this.entries.filter((item) => item.state === 'queued');
    this.entries = [];
    this.stale = 0;
    for (const item of live) this.push(item);
  }

  /** Earliest deadline of a queued item, monotonic ms; null when there is none. */
  nextDeadlineMs(): number | null {
    this.dropGone();
    return this.entries[0]?.facts.deadlineMs ?? null;
  }

  /** Takes the earliest item whose deadline is not after now. */
  popDue(nowMs: number): Item | null {
    const next = this.nextDeadlineMs();
    return next !== null && next <= nowMs ? this.pop() : null;
  }

  private dropGone(): void {
    while (this.entries[0] && this.entries[0].state !== 'queued') {
      this.pop();
      this.stale = Math.max(0, this.stale - 1);
    }
  }

  private pop(): Item | null {
    const top = this.entries[0] ?? null;
    const last = this.entries.pop();
    if (last && this.entries.length > 0) {
      this.entries[0] = last;
      this.down(0);
    }
    return top;
  }

  private up(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private down(from: number): void {
    for (let at = from; ;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < this.entries.length && this.isBefore(left, least)) least = left;
      if (right < this.entries.length && this.isBefore(right, least)) least = right;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private isBefore(i: number, j: number): boolean {
    const a = this.entries[i] as Item;
    const b = this.entries[j] as Item;
    const byDeadline = (a.facts.deadlineMs ?? 0) - (b.facts.deadlineMs ?? 0);
    return byDeadline === 0 ? a.seq < b.seq : byDeadline < 0;
  }

  private swap(i: number, j: number): void {
    const kept = this.entries[i] as Item;
    this.entries[i] = this.entries[j] as Item;
    this.entries[j] = kept;
  }
}
