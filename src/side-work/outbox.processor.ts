import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { type OutboxKey, OutboxRepository } from './outbox.repository.js';
import { SideEffects } from './side-effects.js';
import { StoreOutage } from './store-outage.js';

/** Name of the queue. */
export const OUTBOX = 'outbox';
/** Events that one worker handles at once: they wait for the endpoints of others, and share the statements around them. */
export const OUTBOX_CONCURRENCY = 32;

/** Applies the effects of one event; its row goes only after all of them are done. */
@Processor(OUTBOX, { concurrency: OUTBOX_CONCURRENCY, runRetryDelay: 1_000 })
export class OutboxProcessor extends WorkerHost {
  private readonly log = new Logger(OutboxProcessor.name);

  constructor(
    private readonly outbox: OutboxRepository,
    private readonly effects: SideEffects,
    private readonly outage: StoreOutage,
  ) {
    super();
  }

  async process(job: Job<OutboxKey>): Promise<void> {
    const event = await this.outbox.find(job.data);
    if (!event) return;
    await this.effects.apply(event);
    await this.outbox.remove(job.data);
  }

  @OnWorkerEvent('failed')
  failed(job: Job | undefined, error: Error): void {
    if (job && job.attemptsMade < (job.opts.attempts ?? 1)) return;
    this.log.warn(`event ${job?.id} is left in the outbox after ${job?.attemptsMade} attempts: ${error.message}`);
  }

  @OnWorkerEvent('error')
  error(error: Error): void {
    this.outage.noticed(error);
  }
}
