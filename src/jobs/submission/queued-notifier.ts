import { Injectable, Logger } from '@nestjs/common';
import { IngestPool } from '../../database/role-pool.js';
import { CHANNEL } from '../job-channels.js';

/**
 * Wakes the workers after a commit. One NOTIFY at a time; whatever is written meanwhile shares the next one, so a NOTIFY
 * never stands in a hot commit. A lost one costs a poll interval.
 */
@Injectable()
export class QueuedNotifier {
  private readonly log = new Logger(QueuedNotifier.name);
  private wanted = false;
  private sending = false;

  constructor(private readonly pool: IngestPool) {}

  /** Returns at once. */
  queued(): void {
    this.wanted = true;
    if (!this.sending) void this.send();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.wanted) {
      this.wanted = false;
      try {
        await this.pool.query('select pg_notify($1, $2)', [CHANNEL.queued, '']);
      } catch (error) {
        this.log.warn(`The workers were not woken: ${(error as Error).message}`);
      }
    }
    this.sending = false;
  }
}
