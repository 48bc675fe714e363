/**
 * Runs work for keys that have been woken: once at a time for each key, again for one that was woken meanwhile, and for
 * few keys at a time, so that many wake-ups at once do not take every connection. Whoever waits longest comes first.
 */
export class KeyedLanes<Key extends object | string> {
  private readonly ready = new Set<Key>();
  private readonly busy = new Set<Key>();
  private lanes = 0;

  /**
   * @param work must not reject
   * @param maxInFlight the api's pool has 10 connections, and requests need some
   */
  constructor(
    private readonly work: (key: Key) => Promise<void>,
    private readonly maxInFlight = 4,
  ) {}

  /** Work for this key begins after the present tick, so that wake-ups of one tick are one. */
  wake(key: Key): void {
    this.ready.add(key);
    if (this.lanes >= this.maxInFlight) return;
    this.lanes++;
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    for (let key = this.next(); key !== undefined; key = this.next()) {
      this.busy.add(key);
      await this.work(key);
      this.busy.delete(key);
    }
    this.lanes--;
  }

  private next(): Key | undefined {
    for (const key of this.ready) {
      if (this.busy.has(key)) continue;
      this.ready.delete(key);
      return key;
    }
    return undefined;
  }
}
