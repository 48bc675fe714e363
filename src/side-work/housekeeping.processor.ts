import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger } from '@nestjs/common';
import { Housekeeping, type HousekeepingReport } from './housekeeping.js';
import { StoreOutage } from './store-outage.js';

/** Name of the queue. */
export const HOUSEKEEPING = 'housekeeping';

/** Runs a round of housekeeping; one at a time over all workers. */
@Processor(HOUSEKEEPING, { concurrency: 1, runRetryDelay: 1_000 })
export class HousekeepingProcessor extends WorkerHost {
  private readonly log = new Logger(HousekeepingProcessor.name);

  constructor(
    private readonly housekeeping: Housekeeping,
    private readonly outage: StoreOutage,
  ) {
    super();
  }

  process(): Promise<HousekeepingReport> {
    return this.housekeeping.run();
  }

  @OnWorkerEvent('failed')
  failed(_job: unknown, error: Error): void {
    this.log.warn(`housekeeping failed: ${error.message}`);
  }

  @OnWorkerEvent('error')
  error(error: Error): void {
    this.outage.noticed(error);
  }
}
