import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { IsolatedProcess } from './isolated-process.js';
import { ProcessEndedError } from './isolated-process.errors.js';
import type { Operations } from './operations.js';

const FIRST_BACK_OFF_MS = 50;
const LONGEST_BACK_OFF_MS = 5_000;
/** A child that lived this long clears the back-off. */
const HEALTHY_AFTER_MS = 30_000;
const PING_EVERY_MS = 5_000;
const PING_LIMIT_MS = 2_000;
/** Longest wait of a request for a child that is being replaced. */
const READY_LIMIT_MS = 15_000;

interface Waiter<T extends Operations<T>> {
  resolve(child: IsolatedProcess<T>): void;
  reject(error: Error): void;
}

/**
 * Keeps one child process alive: replaces it at once when it ends, with a growing pause while it keeps ending, and pings
 * it while it has nothing to do (a busy child is watched by the limit of its request).
 */
export class ProcessSlot<T extends Operations<T>> {
  private readonly logger = new Logger(ProcessSlot.name);
  private readonly stopping = new AbortController();
  private readonly waiters = new Set<Waiter<T>>();
  private current: IsolatedProcess<T> | null = null;
  private loop: Promise<void> | null = null;
  private backOffMs = FIRST_BACK_OFF_MS;
  private lastFault = '';
  private starts = 0;

  /**
   * @param title for logs and errors
   * @param begin starts a child and makes it fit for requests
   */
  constructor(
    private readonly title: string,
    private readonly begin: () => Promise<IsolatedProcess<T>>,
  ) {}

  /** How often the child was replaced. */
  get restarts(): number {
    return Math.max(0, this.starts - 1);
  }

  /** Process id of the living child; null while there is none. */
  get pid(): number | null {
    return this.current?.isAlive ? this.current.pid : null;
  }

  /** The living child; starts it, or waits for its replacement. Throws ProcessEndedError. */
  ready(): Promise<IsolatedProcess<T>> {
    if (this.stopping.signal.aborted) {
      return Promise.reject(new ProcessEndedError(`${this.title} was stopped`, 'stopped', false));
    }
    if (this.current?.isAlive) return Promise.resolve(this.current);
    this.loop ??= this.keepAlive();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiters.delete(waiter);
        reject(new ProcessEndedError(`${this.title} did not come back: ${this.lastFault}`, 'died', false));
      }, READY_LIMIT_MS);
      const settle =
        <V>(then: (value: V) => void) =>
        (value: V) => (clearTimeout(timer), then(value));
      const waiter: Waiter<T> = { resolve: settle(resolve), reject: settle(reject) };
      this.waiters.add(waiter);
    });
  }

  /** Ends the child and stays down; resolves when the process is gone. */
  async stop(): Promise<void> {
    this.stopping.abort();
    for (const waiter of this.takeWaiters()) {
      waiter.reject(new ProcessEndedError(`${this.title} was stopped`, 'stopped', false));
    }
    await this.current?.stop();
    await this.loop;
  }

  private async keepAlive(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        const child = await this.begin();
        await this.serve(child);
      } catch (error) {
        this.lastFault = (error as Error).message;
      }
      if (signal.aborted) return;
      this.logger.warn(`${this.title} is replaced in ${this.backOffMs} ms (${this.lastFault})`);
      await delay(this.backOffMs, undefined, { signal }).catch(() => undefined);
      this.backOffMs = Math.min(LONGEST_BACK_OFF_MS, this.backOffMs * 2);
    }
  }

  private async serve(child: IsolatedProcess<T>): Promise<void> {
    if (this.stopping.signal.aborted) return child.stop();
    this.current = child;
    this.starts++;
    for (const waiter of this.takeWaiters()) waiter.resolve(child);
    const healthy = setTimeout(() => (this.backOffMs = FIRST_BACK_OFF_MS), HEALTHY_AFTER_MS);
    const pings = setInterval(() => {
      if (child.isAlive && child.inFlight === 0) void child.ping(PING_LIMIT_MS).catch(() => undefined);
    }, PING_EVERY_MS);
    this.lastFault = await child.exited;
    clearTimeout(healthy);
    clearInterval(pings);
  }

  private takeWaiters(): Waiter<T>[] {
    const taken = [...this.waiters];
    this.waiters.clear();
    return taken;
  }
}
