interface Waiter<T> {
  resolve(item: T): void;
  reject(reason: unknown): void;
}

/** A fixed set of items that callers borrow; whoever asks while all are lent waits, first come first served. */
export class Permits<T> {
  private readonly idle: T[];
  private readonly waiters: Waiter<T>[] = [];
  private closedBy: Error | null = null;

  constructor(items: readonly T[]) {
    this.idle = [...items];
  }

  /** Rejects when the signal aborts or the set is closed. */
  async take(signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.closedBy) throw this.closedBy;
    const item = this.idle.shift();
    return item ?? this.wait(signal);
  }

  /** Returns an item that `take` gave. */
  give(item: T): void {
    const next = this.waiters.shift();
    if (next) next.resolve(item);
    else this.idle.push(item);
  }

  /** Rejects everybody who waits and whoever comes later. */
  close(reason: Error): void {
    this.closedBy = reason;
    for (const waiter of this.waiters.splice(0)) waiter.reject(reason);
  }

  private wait(signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.waiters.splice(this.waiters.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter: Waiter<T> = {
        reject,
        resolve: (item) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(item);
        },
      };
      this.waiters.push(waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
