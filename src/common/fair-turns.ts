/** Whose turn it is. */
export interface Turn {
  /** Whose share this counts against. */
  readonly holder: string;
  /** The holder's share relative to the others'. Default 1. */
  readonly weight?: number;
  /** Among the holder's own, the lowest goes first. Default 0. */
  readonly rank?: number;
}

interface Waiter<T> {
  readonly rank: number;
  readonly weight: number;
  resolve(item: T): void;
  reject(reason: unknown): void;
}

interface Queue<T> {
  readonly waiters: Waiter<T>[];
  /** Where this holder's next turn stands in virtual time. */
  next: number;
}

/**
 * A fixed set of items that callers borrow. While all are lent, holders take turns by their weights, whatever number of
 * callers each has waiting; one that comes back from a pause goes next and has saved nothing up meanwhile (start-time
 * fair queueing, Goyal, Vin and Cheng 1996, with turns of equal cost).
 */
export class FairTurns<T> {
  private readonly idle: T[];
  private readonly queues = new Map<string, Queue<T>>();
  private virtualTime = 0;
  private closedBy: Error | null = null;

  constructor(items: readonly T[]) {
    this.idle = [...items];
  }

  /** Callers that wait. */
  get waiting(): number {
    let count = 0;
    for (const { waiters } of this.queues.values()) count += waiters.length;
    return count;
  }

  /** Lends an item. Rejects when the signal aborts or the set is closed. */
  async take(turn: Turn, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.closedBy) throw this.closedBy;
    const item = this.idle.shift();
    if (item === undefined) return this.wait(turn, signal);
    this.charge(this.queueOf(turn.holder), turn.weight ?? 1);
    return item;
  }

  /** Returns an item that `take` gave. */
  give(item: T): void {
    const queue = this.leastServed();
    const next = queue?.waiters.shift();
    if (!queue || !next) this.idle.push(item);
    else {
      this.charge(queue, next.weight);
      next.resolve(item);
    }
    // Nobody was ahead of his share while nobody waited.
    if (!queue) this.queues.clear();
  }

  /** Does the work while it holds an item. */
  async run<R>(turn: Turn, work: (item: T) => Promise<R>, signal?: AbortSignal): Promise<R> {
    const item = await this.take(turn, signal);
    try {
      return await work(item);
    } finally {
      this.give(item);
    }
  }

  /** Rejects everybody who waits and whoever comes later. */
  close(reason: Error): void {
    this.closedBy = reason;
    for (const { waiters } of this.queues.values()) for (const waiter of waiters.splice(0)) waiter.reject(reason);
  }

  /** Earliest in virtual time; among equals who came first. */
  private leastServed(): Queue<T> | null {
    let least: Queue<T> | null = null;
    for (const [holder, queue] of this.queues) {
      if (queue.waiters.length > 0) {
        if (!least || queue.next < least.next) least = queue;
      } else if (queue.next <= this.virtualTime) this.queues.delete(holder);
    }
    return least;
  }

  private charge(queue: Queue<T>, weight: number): void {
    this.virtualTime = Math.max(this.virtualTime, queue.next);
    queue.next = this.virtualTime + 1 / weight;
  }

  private queueOf(holder: string): Queue<T> {
    let queue = this.queues.get(holder);
    if (!queue) this.queues.set(holder, (queue = { waiters: [], next: this.virtualTime }));
    return queue;
  }

  private wait({ holder, weight = 1, rank = 0 }: Turn, signal?: AbortSignal): Promise<T> {
    const queue = this.queueOf(holder);
    if (queue.waiters.length === 0) queue.next = Math.max(queue.next, this.virtualTime);
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        queue.waiters.splice(queue.waiters.indexOf(waiter), 1);
        reject(signal?.reason);
      };
      const waiter: Waiter<T> = {
        rank,
        weight,
        reject,
        resolve: (item) => {
          signal?.removeEventListener('abort', onAbort);
          resolve(item);
        },
      };
      const behind = queue.waiters.findIndex((other) => other.rank > rank);
      queue.waiters.splice(behind < 0 ? queue.waiters.length : behind, 0, waiter);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
