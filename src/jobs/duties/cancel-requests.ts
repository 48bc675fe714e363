import { Injectable, Logger } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { CHANNEL } from '../job-channels.js';
import { Journals } from '../recording/journals.js';
import { WorkerLease } from './worker-lease.js';

/** Stops attempts that a client asked to cancel. Requests that were not heard are found with the next heartbeat. */
@Injectable()
export class CancelRequests {
  private readonly log = new Logger(CancelRequests.name);

  constructor(
    private readonly listener: NotificationListener,
    private readonly journals: Journals,
    private readonly lease: WorkerLease,
  ) {}

  async start(): Promise<void> {
    await this.listener.listen(CHANNEL.canceling, (jobId) => this.asked(jobId));
  }

  /** An empty payload means that notifications were lost: the queue itself knows what was asked. */
  private asked(jobId: string): void {
    if (jobId) this.journals.ofJob(jobId)?.stop('cancel_asked');
    else
      this.lease
        .reconcile()
        .catch((error: unknown) => this.log.warn(`reconciling failed: ${(error as Error).message}`));
  }
}
