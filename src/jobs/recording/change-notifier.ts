import { Injectable, Logger } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';
import { CHANNEL, changedPayload } from '../job-channels.js';

/**
 * Tells the api processes which jobs have new transitions: after the commit, one NOTIFY at a time, ids that arrive
 * meanwhile go together in the next. A lost notification costs the watchers a poll interval.
 */
@Injectable()
export class ChangeNotifier {
  private readonly log = new Logger(ChangeNotifier.name);
  private waiting = new Set<string>();
  private sending = false;

  constructor(private readonly pool: WorkerPool) {}

  changed(jobIds: readonly string[]): void {
    for (const id of jobIds) this.waiting.add(id);
    if (!this.sending && this.waiting.size > 0) void this.send();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.waiting.size > 0) {
      const ids = [...this.waiting];
      this.waiting = new Set();
      try {
        await this.pool.query('select pg_notify($1, $2)', [CHANNEL.changed, changedPayload(ids)]);
      } catch (error) {
        this.log.warn(`change notification failed: ${(error as Error).message}`);
      }
    }
    this.sending = false;
  }
}
