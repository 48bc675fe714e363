import { Injectable, Logger } from '@nestjs/common';
import { IngestPool } from '../../database/role-pool.js';
import { CHANNEL, NOTIFY, notifications } from '../job-channels.js';

/**
 * Wakes the workers, and whoever follows these tenants, after a commit. One statement at a time; whatever is written
 * meanwhile shares the next one, so a NOTIFY never stands in a hot commit. A lost one costs a poll interval.
 */
@Injectable()
export class QueuedNotifier {
  private readonly log = new Logger(QueuedNotifier.name);
  private waiting = new Set<string>();
  private sending = false;

  constructor(private readonly pool: IngestPool) {}

  /** Returns at once. */
  queued(tenantIds: Iterable<string>): void {
    for (const id of tenantIds) this.waiting.add(id);
    if (!this.sending && this.waiting.size > 0) void this.send();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.waiting.size > 0) {
      const tenants = [...this.waiting];
      this.waiting = new Set();
      try {
        const lists = { [CHANNEL.queued]: tenants, [CHANNEL.fed]: tenants };
        await this.pool.query({ name: 'notify', text: NOTIFY, values: notifications(lists) });
      } catch (error) {
        this.log.warn(`The workers were not woken: ${(error as Error).message}`);
      }
    }
    this.sending = false;
  }
}
