import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { HOUSEKEEPING } from './housekeeping.processor.js';
import { StoreOutage } from './store-outage.js';

const EVERY_MS = 10 * 60_000;

/** When the schedule is looked for. */
@Injectable()
export class ScheduleTimes {
  /** A store that lost its data gets the schedule back within this time, ms. */
  readonly checkMs: number = 15_000;
}

/** Keeps the round of housekeeping on BullMQ's scheduler; every worker may do so, it stays one schedule. */
@Injectable()
export class HousekeepingSchedule implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private keeping: Promise<void> | null = null;

  constructor(
    @InjectQueue(HOUSEKEEPING) private readonly queue: Queue,
    private readonly outage: StoreOutage,
    private readonly times: ScheduleTimes,
  ) {
    queue.on('error', (error) => outage.noticed(error));
  }

  /** Does not wait and does not throw: the platform serves jobs without it. */
  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.keep(), this.times.checkMs);
    this.keep();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** One look at a time: while Redis is away the first one waits for it. */
  private keep(): void {
    this.keeping ??= this.putWhenMissing()
      .catch((error: Error) => this.outage.noticed(error))
      .finally(() => (this.keeping = null));
  }

  private async putWhenMissing(): Promise<void> {
    const schedule = await this.queue.getJobScheduler(HOUSEKEEPING);
    if (schedule?.every !== EVERY_MS) await this.queue.upsertJobScheduler(HOUSEKEEPING, { every: EVERY_MS });
  }
}
