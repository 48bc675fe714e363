import { InjectQueue } from '@nestjs/bullmq';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { Queue } from 'bullmq';
import { HOUSEKEEPING } from './housekeeping.processor.js';

const EVERY_MS = 10 * 60_000;

/** Puts the round of housekeeping on BullMQ's scheduler; every worker may do so, it stays one schedule. */
@Injectable()
export class HousekeepingSchedule implements OnApplicationBootstrap {
  private readonly log = new Logger(HousekeepingSchedule.name);

  constructor(@InjectQueue(HOUSEKEEPING) private readonly queue: Queue) {
    queue.on('error', (error) => this.log.warn(`the side-work queue is away: ${error.message}`));
  }

  /** Does not wait and does not throw: the platform serves jobs without it. */
  onApplicationBootstrap(): void {
    this.queue
      .upsertJobScheduler(HOUSEKEEPING, { every: EVERY_MS })
      .catch((error: Error) => this.log.warn(`housekeeping is not scheduled: ${error.message}`));
  }
}
