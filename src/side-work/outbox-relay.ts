import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { OUTBOX } from './outbox.processor.js';
import { type OutboxKey, OutboxRepository } from './outbox.repository.js';
import { StoreOutage } from './store-outage.js';

/** Rows a round: one short statement, one call of the queue. */
const ROUND = 500;
const POLL_MS = 1_000;
/** An outbox that stays empty is looked at less often, up to this. */
const IDLE_POLL_MS = 5_000;
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
  private readonly stopped = Promise.withResolvers<void>();
  private stopping = false;
  private loop: Promise<void> = Promise.resolve();
  /** Taken rows that could not be handed over. */
  private owed: readonly OutboxKey[] = [];

  constructor(
    @InjectQueue(OUTBOX) private readonly queue: Queue<OutboxKey>,
    private readonly outbox: OutboxRepository,
    private readonly outage: StoreOutage,
  ) {
    queue.on('error', (error) => outage.noticed(error));
  }

  onApplicationBootstrap(): void {
    this.loop = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    this.stopped.resolve();
    await this.loop;
  }

  private async run(): Promise<void> {
    let pauseMs = POLL_MS;
    while (!this.stopping) {
      try {
        const relayed = await this.relayRound();
        if (relayed === 0) pauseMs = Math.min(pauseMs * 2, IDLE_POLL_MS);
        else pauseMs = relayed < ROUND ? POLL_MS : 0;
      } catch (error) {
        this.outage.noticed(error as Error);
        pauseMs = Math.min(Math.max(pauseMs, POLL_MS) * 2, AWAY_POLL_MS);
      }
      await this.pause(pauseMs);
    }
    await this.returnOwed().catch((error: Error) => this.outage.noticed(error));
  }

  /** Returns how many rows BullMQ has taken over. */
  private async relayRound(): Promise<number> {
    await this.returnOwed();
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
    await Promise.race([adding, this.stopped.promise]);
    if (this.stopping) return 0;
    this.owed = [];
    return taken.length;
  }

  private async returnOwed(): Promise<void> {
    if (this.owed.length === 0) return;
    await this.outbox.giveBack(this.owed);
    this.owed = [];
  }

  private async pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    await Promise.race([promise, this.stopped.promise]);
    clearTimeout(timer);
  }
}
