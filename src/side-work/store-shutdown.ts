import { InjectQueue } from '@nestjs/bullmq';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import type { Queue, Worker } from 'bullmq';
import { SideWorkConfig } from '../config/config.js';
import { HOUSEKEEPING, HousekeepingProcessor } from './housekeeping.processor.js';
import { OUTBOX, OutboxProcessor } from './outbox.processor.js';

/** How long side work in hand may take to end, ms. What is cut off is done again: all of it may be repeated. */
const DRAIN_MS = 3_000;

/**
 * Ends BullMQ's connections to Redis by force, after a short drain: its own way out waits for an answer of the server,
 * for ever when that is away. On PostgreSQL the pools see to it.
 */
@Injectable()
export class StoreShutdown implements BeforeApplicationShutdown {
  constructor(
    private readonly config: SideWorkConfig,
    private readonly housekeeping: HousekeepingProcessor,
    private readonly outbox: OutboxProcessor,
    @InjectQueue(HOUSEKEEPING) private readonly housekeepingQueue: Queue,
    @InjectQueue(OUTBOX) private readonly outboxQueue: Queue,
  ) {}

  async beforeApplicationShutdown(): Promise<void> {
    if (!this.config.redisUrl) return;
    await Promise.all([this.housekeeping, this.outbox].map(({ worker }) => drain(worker)));
    for (const queue of [this.housekeepingQueue, this.outboxQueue]) await queue.getBackend().close(true);
  }
}

async function drain(worker: Worker): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, DRAIN_MS);
  await Promise.race([worker.pause().catch(() => undefined), late]);
  clearTimeout(timer);
  await worker.close(true);
}
