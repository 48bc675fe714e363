/**
 * Remembers the answers of an asynchronous look-up for a short time. Concurrent callers of one key share one look-up;
 * a failed one is forgotten. Bounded: the oldest answer goes first, so a flood of unknown keys cannot grow it.
 */
export class TtlCache<Value> {
  private readonly entries = new Map<string, { readonly value: Promise<Value>; readonly expiresAt: number }>();

  /** @param monotonic milliseconds that never step back */
  constructor(
    private readonly ttlMs: number,
    private readonly maxEntries: number,
    private readonly monotonic: () => number = () => performance.now(),
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** The remembered answer, else the one of `load`. */
  get(key: string, load: () => Promise<Value>): Promise<Value> {
    const known = this.entries.get(key);
    if (known && known.expiresAt > this.monotonic()) return known.value;
    this.entries.delete(key);
    const value = load();
    const entry = { value, expiresAt: this.monotonic() + this.ttlMs };
    this.entries.set(key, entry);
    value.catch(() => {
      if (this.entries.get(key) === entry) this.entries.delete(key);
    });
    if (this.entries.size > this.maxEntries) this.entries.delete(this.entries.keys().next().value as string);
    return value;
  }

  /** Forgets everything: after a change made by this process. */
  clear(): void {
    this.entries.clear();
  }
}
