import { Injectable, Logger } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';
import { CHANNEL, GOES_ON, NOTIFY, notifications } from '../job-channels.js';

/** A job that has new transitions. */
export interface ChangedJob {
  readonly tenantId: string;
  readonly jobId: string;
  /** It has not ended with them. Default unknown. */
  readonly goesOn?: boolean;
}

/**
 * Tells the api processes which jobs have new transitions: after the commit, one statement at a time, jobs that change
 * meanwhile go together in the next. A lost notification costs the watchers a poll interval.
 */
@Injectable()
export class ChangeNotifier {
  private readonly log = new Logger(ChangeNotifier.name);
  private waiting = new Map<string, ChangedJob>();
  private sending = false;

  constructor(private readonly pool: WorkerPool) {}

  changed(jobs: readonly ChangedJob[]): void {
    for (const job of jobs) this.waiting.set(job.jobId, job); // what is said last counts: nothing follows an end
    if (!this.sending && this.waiting.size > 0) void this.send();
  }

  private async send(): Promise<void> {
    this.sending = true;
    while (this.waiting.size > 0) {
      const jobs = [...this.waiting.values()];
      this.waiting = new Map();
      const lists = {
        [CHANNEL.changed]: jobs.map(({ jobId, goesOn }) => (goesOn ? jobId + GOES_ON : jobId)),
        [CHANNEL.fed]: [...new Set(jobs.map(({ tenantId }) => tenantId))],
      };
      try {
        await this.pool.query({ name: 'notify', text: NOTIFY, values: notifications(lists) });
      } catch (error) {
        this.log.warn(`change notification failed: ${(error as Error).message}`);
      }
    }
    this.sending = false;
  }
}
