import { Injectable, Logger } from '@nestjs/common';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { DatabaseConfig, Secrets } from '../../config/config.js';
import { roleUrl } from '../../database/role-url.js';
import { LeaseTimes } from './lease-times.js';
import { RENEW_LEASE } from './workers.repository.js';

/** What the thread is started with. */
export interface LeaseThreadData {
  /** Connection of maru_worker. */
  readonly url: string;
  /** Renews the lease of worker $1 for $2 ms; no row means that it was declared dead. */
  readonly renewSql: string;
  readonly times: Pick<LeaseTimes, 'leaseMs' | 'renewEveryMs' | 'silenceLimitMs'>;
}

/** The neighbor with this module's own extension: built beside it, or the source under tests, which Node runs itself. */
const ENTRY = new URL(`./lease-child${path.extname(import.meta.url)}`, import.meta.url);
const RESTART_MS = 1_000;
/** The thread holds one connection and a few numbers. */
const HEAP_MIB = 64;

/**
 * Renews this process's lease from a thread with its own event loop and its own connection, so that a long parse, a
 * garbage collection or a synchronous native call on the main thread does not cost the worker its jobs. Every second the
 * main thread tells it that it turns; after 30 s without that word the thread stops renewing, because an event loop that
 * will never turn again must not keep jobs. A signal that stops the process stops the thread too. A thread that crashed
 * is started again; meanwhile the heartbeats of the main thread renew the lease alone.
 */
@Injectable()
export class LeaseThread {
  private readonly log = new Logger(LeaseThread.name);
  private readonly data: LeaseThreadData;
  private thread: Worker | null = null;
  private timer: NodeJS.Timeout | undefined;
  private restart: NodeJS.Timeout | undefined;
  private onLost: (workerId: number) => void = () => undefined;

  constructor(
    config: DatabaseConfig,
    secrets: Secrets,
    readonly times: LeaseTimes,
  ) {
    const { leaseMs, renewEveryMs, silenceLimitMs } = times;
    this.data = {
      url: roleUrl(config.url, 'maru_worker', secrets),
      renewSql: RENEW_LEASE,
      times: { leaseMs, renewEveryMs, silenceLimitMs },
    };
  }

  /**
   * Starts renewing the lease of whatever worker `workerId` names at the time.
   * @param onLost is called when that worker has been declared dead
   */
  start(workerId: () => number, onLost: (workerId: number) => void): void {
    this.onLost = onLost;
    this.spawn();
    let beforeMs = performance.now();
    this.timer = setInterval(() => {
      this.thread?.postMessage(workerId());
      this.noteGap(performance.now() - beforeMs);
      beforeMs = performance.now();
    }, this.times.aliveEveryMs);
  }

  /** Resolves when nothing renews the lease any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.restart);
    const thread = this.thread;
    this.thread = null;
    await thread?.terminate();
  }

  private spawn(): void {
    const thread = new Worker(ENTRY, {
      name: 'maru lease',
      workerData: this.data,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
    });
    thread.unref();
    thread.on('message', (workerId: number) => this.onLost(workerId));
    thread.on('error', (error) => this.log.warn(`the lease thread failed: ${(error as Error).message}`));
    thread.once('exit', () => {
      if (this.thread !== thread) return;
      this.thread = null;
      this.log.warn('the lease thread ended and is started again');
      this.restart = setTimeout(() => this.spawn(), RESTART_MS);
    });
    this.thread = thread;
  }

  private noteGap(gapMs: number): void {
    if (gapMs > this.times.leaseMs) {
      this.log.warn(
        `the event loop stood still for ${(gapMs / 1000).toFixed(1)} s: something computes on the main thread`,
      );
    }
  }
}
