import type { FlushPacer } from './flush-pacer.js';
import { takeInTurns } from './take-in-turns.js';

/**
 * Collects items of many callers and writes them together. One flush is in flight at a time; whatever arrives meanwhile
 * forms the next one, so the batch grows with the load and an idle system adds no delay. A pacer holds flushes apart.
 * A failed flush rejects its own items only. Never read AsyncLocalStorage inside `flush`: it runs in the context of
 * whichever caller woke it, so items carry their tenant themselves.
 */
export class MicroBatcher<Item, Result> {
  private queue: { item: Item; resolve: (r: Result) => void; reject: (e: unknown) => void }[] = [];
  private running: Promise<void> | null = null;

  /**
   * @param flush writes the items and returns one result per item, in order
   * @param maxItems largest flush; 500 rows of 4 KiB are about 2 MiB a statement
   * @param pacer null: the next flush begins when the last is over
   * @param holderOf while more wait than a flush holds, holders take turns; default: first come, first served
   */
  constructor(
    private readonly flush: (items: Item[]) => Promise<Result[]>,
    private readonly maxItems = 500,
    private readonly pacer: FlushPacer | null = null,
    private readonly holderOf: (item: Item) => string = () => '',
  ) {}

  /** Items that wait for a flush. */
  get depth(): number {
    return this.queue.length;
  }

  /** Resolves after the flush that held this item was committed; rejects when that flush failed. */
  add(item: Item): Promise<Result> {
    const settled = new Promise<Result>((resolve, reject) => this.queue.push({ item, resolve, reject }));
    this.pacer?.waiting(this.queue.length);
    this.running ??= new Promise<void>((done) => setImmediate(() => void this.drain().finally(done)));
    return settled;
  }

  /** Resolves when nothing waits and nothing is in flight. */
  async idle(): Promise<void> {
    while (this.running) await this.running;
  }

  private async drain(): Promise<void> {
    while (this.queue.length > 0) {
      await this.pacer?.untilWorthIt(this.queue.length);
      const [slice, rest] = takeInTurns(this.queue, this.maxItems, ({ item }) => this.holderOf(item));
      this.queue = rest;
      try {
        const results = await this.flush(slice.map((s) => s.item));
        slice.forEach((s, i) => s.resolve(results[i] as Result));
      } catch (error) {
        for (const s of slice) s.reject(error);
      }
      this.pacer?.flushed(slice.length);
    }
    this.running = null;
  }
}
