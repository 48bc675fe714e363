import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { PartitionKeeper } from './partition-keeper.js';
import { QueueVacuum, VACUUM_MS } from './queue-vacuum.js';
import { XminAlarm } from './xmin-alarm.js';

/** A snapshot that becomes too old is noticed within this. */
const LOOK_MS = 10_000;

/**
 * The worker's care of the database: coming parts at its start, small queue tables, and the alarm on old snapshots. What
 * may wait for minutes belongs to housekeeping. A duty that fails says so and tries again at its next turn.
 */
@Injectable()
export class DatabaseCare implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(DatabaseCare.name);
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly running = new Set<Promise<unknown>>();

  constructor(
    private readonly partitions: PartitionKeeper,
    private readonly vacuum: QueueVacuum,
    private readonly alarm: XminAlarm,
  ) {}

  /** Does not wait: jobs are served meanwhile. */
  onApplicationBootstrap(): void {
    this.track(this.partitions.extendOrWarn());
    this.every(VACUUM_MS, 'the queue was not vacuumed', () => this.vacuum.run());
    this.every(LOOK_MS, 'old snapshots were not looked for', () => this.alarm.look());
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await Promise.all(this.running);
  }

  private every(ms: number, failure: string, duty: () => Promise<unknown>): void {
    let busy = false;
    const turn = async (): Promise<void> => {
      if (busy) return;
      busy = true;
      await duty().catch((error: Error) => this.log.warn(`${failure}: ${error.message}`));
      busy = false;
    };
    this.track(turn());
    this.timers.push(setInterval(() => this.track(turn()), ms));
  }

  private track(work: Promise<unknown>): void {
    this.running.add(work);
    void work.finally(() => this.running.delete(work));
  }
}
