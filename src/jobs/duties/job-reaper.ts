import { Injectable, Logger } from '@nestjs/common';
import { QueueRepository } from './queue.repository.js';
import { QueueSweeper } from './queue-sweeper.js';
import { WorkerLease } from './worker-lease.js';
import { WorkersRepository } from './workers.repository.js';

/** A lease of 6 s and a sweep every second: a lost worker's jobs are back within 7 s plus one claim. */
const SWEEP_MS = 1_000;
/** After the database was away every lease has run out; whoever lives renews it within two heartbeats. */
const GRACE_MS = 6_000;
/** Away for less, it cost nobody a lease: one that is renewed every 2 s has 4 s left. */
const OUTAGE_MS = 2_500;
/** Nobody's rows are looked for this often even when no worker died. */
const REAP_ANYWAY_MS = 30_000;

/**
 * Every worker runs one: ends expired leases, takes back what dead workers held, expires queued jobs. It ends neither its
 * own lease nor, when the database comes back, those that nobody could renew: their attempts are still running.
 */
@Injectable()
export class JobReaper {
  private readonly log = new Logger(JobReaper.name);
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<void> | null = null;
  private graceUntilMs = 0;
  private answeredMs = Number.NEGATIVE_INFINITY;
  private reapedMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly lease: WorkerLease,
    private readonly workers: WorkersRepository,
    private readonly sweeper: QueueSweeper,
    private readonly queue: QueueRepository,
  ) {}

  start(): void {
    this.timer = setInterval(() => (this.sweeping ??= this.sweep().finally(() => (this.sweeping = null))), SWEEP_MS);
    this.sweeping = this.sweep().finally(() => (this.sweeping = null));
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /** The sweep looks at the whole queue: at once after a death, else only to be sure. */
  private async worthReaping(): Promise<boolean> {
    const due = performance.now() - this.reapedMs >= REAP_ANYWAY_MS;
    if (!due && !(await this.queue.recentlyBuried())) return false;
    this.reapedMs = performance.now();
    return true;
  }

  private async sweep(): Promise<void> {
    try {
      if (performance.now() >= this.graceUntilMs) await this.workers.buryExpired(this.lease.workerId);
      const reaped = (await this.worthReaping()) ? await this.sweeper.reapDeadWorkers() : 0;
      const expired = await this.sweeper.expire();
      this.answeredMs = performance.now();
      if (reaped + expired > 0) this.log.log(`took back ${reaped} jobs of lost workers, expired ${expired}`);
    } catch (error) {
      const nowMs = performance.now();
      if (nowMs - this.answeredMs > OUTAGE_MS) this.graceUntilMs = nowMs + GRACE_MS;
      this.log.warn(`sweep failed: ${(error as Error).message}`);
    }
  }
}
