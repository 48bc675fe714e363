import { Injectable, Logger } from '@nestjs/common';
import { Clock, SystemClock } from '../../common/clock.js';
import { DatabaseSnapshot } from './database-snapshot.js';
import { QueueDepthsRepository } from './queue-depths.repository.js';
import { QueueLedger } from './queue-ledger.js';
import { TenantLimits } from './tenant-limits.js';

/** While jobs are submitted, the queue is counted at most this often. */
const MIN_PAUSE_MS = 1_000;
/** And it may take 1/20 of the time at most, so a slow count is a seldom one. */
const PAUSE_PER_COST = 20;
/** An older count says nothing any more, and the first is needed: then a submit waits for the next. */
const STALE_MS = 10_000;

/** Keeps the ledger near the truth with few statements: nobody submits, nobody counts. */
@Injectable()
export class QueueCounter {
  readonly ledger = new QueueLedger();
  private readonly log = new Logger(QueueCounter.name);
  private readonly clock: Clock = new SystemClock();
  private countedAtMs = -Infinity;
  private triedAtMs = -Infinity;
  private costMs = 0;
  private counting: Promise<void> | null = null;

  constructor(
    private readonly repository: QueueDepthsRepository,
    private readonly limits: TenantLimits,
  ) {}

  /** Resolves once the ledger is good enough to decide on a submit. Rejects when it cannot be. */
  async ready(): Promise<void> {
    const now = this.clock.monotonic();
    const isDue = now - this.triedAtMs >= this.pauseMs;
    const isStale = now - this.countedAtMs >= Math.max(STALE_MS, 2 * this.pauseMs);
    if (!isDue && !isStale) return;
    const counting = this.counting ?? this.count();
    if (isStale) await counting;
  }

  /** Counts before a submit is refused, unless the last count is young. False when it was not worth it. */
  async recounted(): Promise<boolean> {
    if (this.clock.monotonic() - this.triedAtMs < this.pauseMs && !this.counting) return false;
    return (this.counting ?? this.count()).then(
      () => true,
      () => false,
    );
  }

  private get pauseMs(): number {
    return Math.max(MIN_PAUSE_MS, PAUSE_PER_COST * this.costMs);
  }

  private count(): Promise<void> {
    this.counting = this.recount().finally(() => (this.counting = null));
    this.counting.catch((error: Error) => this.log.warn(`The queue could not be counted: ${error.message}`));
    return this.counting;
  }

  private async recount(): Promise<void> {
    const atMs = (this.triedAtMs = this.clock.monotonic());
    const [{ snapshot, jobs }] = await Promise.all([this.repository.count(), this.limits.refresh()]);
    this.ledger.recount({ snapshot: new DatabaseSnapshot(snapshot), jobs: new Map(Object.entries(jobs)), atMs });
    this.countedAtMs = this.clock.monotonic();
    // One slow count (a lock, a full pool) is no slow queue: the cost may only double.
    this.costMs = Math.min(this.countedAtMs - atMs, Math.max(2 * this.costMs, MIN_PAUSE_MS / PAUSE_PER_COST));
    this.triedAtMs = this.countedAtMs;
  }
}
