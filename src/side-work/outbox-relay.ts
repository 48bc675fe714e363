import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { Clock } from '../common/clock.js';
import { LoadPacer } from '../common/load-pacer.js';
import { OutboxNews } from './outbox-news.js';
import { OUTBOX } from './outbox.processor.js';
import { type OutboxKey, OutboxRepository } from './outbox.repository.js';
import { StoreOutage } from './store-outage.js';

/** Rows a round: one short statement, one call of the queue. */
const ROUND = 500;
/** How often it looks without news. */
const POLL_MS = 1_000;
/** An outbox that stays empty is looked at less often, up to this. */
const IDLE_POLL_MS = 5_000;
/** Pause after a look in vain: most news is of jobs that go on, not of jobs that end. */
const EMPTY_PAUSE_MS = 20;
/** Pause after a failure, doubled up to this. */
const AWAY_POLL_MS = 30_000;
/** 2 s doubled seven times: the last of eight attempts comes about four minutes after the first. */
const RETRIES = { attempts: 8, backoff: { type: 'exponential', delay: 2_000 } };
/** What failed for good stays visible in the queue for a day, then it is relayed and tried again. */
const KEEP_FAILED = { age: 24 * 3600, count: 10_000 };

/**
 * Hands the outbox to BullMQ: at least once, under the event's id, which BullMQ does not take twice while it knows it. The
 * row stays until its effects are done, so neither a crash here nor a store that forgot everything loses an event. Every
 * worker runs one; they share the rows.
 */
@Injectable()
export class OutboxRelay implements OnApplicationBootstrap, OnModuleDestroy {
  private stopping = false;
  private loop: Promise<void> = Promise.resolve();
  /** Ends whatever the loop waits for. */
  private release: () => void = () => undefined;
  private isIdle = false;
  /** There was news since the last look at the table began. */
  private rung = false;
  /** Holds rounds apart under load, up to 50 ms: a round of 5 rows costs nearly as much as one of 50. */
  private readonly pacer: LoadPacer;
  /** Taken rows that could not be handed over. */
  private owed: readonly OutboxKey[] = [];

  constructor(
    @InjectQueue(OUTBOX) private readonly queue: Queue<OutboxKey>,
    private readonly outbox: OutboxRepository,
    private readonly news: OutboxNews,
    private readonly outage: StoreOutage,
    private readonly clock: Clock,
  ) {
    this.pacer = new LoadPacer(clock);
    queue.on('error', (error) => outage.noticed(error));
  }

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.release();
    await this.loop;
  }

  private async run(): Promise<void> {
    let pollMs = POLL_MS;
    let awayMs = POLL_MS;
    while (!this.stopping) {
      this.rung = false;
      try {
        await this.news.listen(() => this.ring());
        const relayed = await this.relayRound();
        pollMs = relayed > 0 ? POLL_MS : Math.min(pollMs * 2, IDLE_POLL_MS);
        awayMs = POLL_MS;
        if (relayed === ROUND) continue;
        await this.pause(relayed > 0 ? this.pacer.pauseMs() : EMPTY_PAUSE_MS);
        await this.idle(pollMs);
      } catch (error) {
        this.outage.noticed(error as Error);
        awayMs = Math.min(awayMs * 2, AWAY_POLL_MS);
        await this.pause(awayMs);
      }
    }
    await this.returnOwed().catch((error: Error) => this.outage.noticed(error));
  }

  private ring(): void {
    this.rung = true;
    if (this.isIdle) this.release();
  }

  /** Returns how many rows BullMQ has taken over. */
  private async relayRound(): Promise<number> {
    await this.returnOwed();
    const fromMs = this.clock.monotonic();
    const taken = await this.outbox.take(ROUND);
    if (taken.length === 0) return 0;
    this.owed = taken.map(({ tenantId, id }) => ({ tenantId, id }));
    const adding = this.queue.addBulk(
      taken.map(({ tenantId, id, event }) => ({
        name: event.kind,
        data: { tenantId, id },
        opts: { jobId: event.id, ...RETRIES, removeOnFail: KEEP_FAILED },
      })),
    );
    // While Redis is away this waits for it: at most one round of each worker hangs there.
    await this.unlessStopped(adding);
    if (this.stopping) return 0;
    this.owed = [];
    this.pacer.took(taken.length, this.clock.monotonic() - fromMs);
    return taken.length;
  }

  private async returnOwed(): Promise<void> {
    if (this.owed.length === 0) return;
    await this.outbox.giveBack(this.owed);
    this.owed = [];
  }

  /** A pause that news ends. */
  private async idle(ms: number): Promise<void> {
    if (this.rung) return;
    this.isIdle = true;
    await this.pause(ms);
    this.isIdle = false;
  }

  private pause(ms: number): Promise<void> {
    if (ms === 0 || this.stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.release = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** Resolves with the work, or when the relay stops. */
  private unlessStopped(work: Promise<unknown>): Promise<void> {
    return new Promise((resolve, reject) => {
      this.release = resolve;
      work.then(() => resolve(), reject);
    });
  }
}
