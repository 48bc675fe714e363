import { Injectable, Logger } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';
import { CHANNEL, NOTIFY, notifications } from '../job-channels.js';

/** A job that has new transitions. */
export interface ChangedJob {
  readonly tenantId: string;
  readonly jobId: string;
}

/**
 * Tells the api processes which jobs have new transitions: after the commit, one statement at a time, jobs that change
 * meanwhile go together in the next. A lost notification costs the watchers a poll interval.
 */
@Injectable()
export class ChangeNotifier {
  private readonly log = new Logger(ChangeNotifier.name);
  private waiting = new Map<string, string>();
  private sending = false;

  constructor(private readonly pool: WorkerPool) {}

  changed(jobs: readonly ChangedJob[]): void {
    for (const job of jobs) this.waiting.set(job.jobId, job.tenantId);
    if (!this.sending && this.waiting.size > 0) void this.send();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.waiting.size > 0) {
      const lists = { [CHANNEL.changed]: [...this.waiting.keys()], [CHANNEL.fed]: [...new Set(this.waiting.values())] };
      this.waiting = new Map();
      try {
        await this.pool.query({ name: 'notify', text: NOTIFY, values: notifications(lists) });
      } catch (error) {
        this.log.warn(`change notification failed: ${(error as Error).message}`);
      }
    }
    this.sending = false;
  }
}
