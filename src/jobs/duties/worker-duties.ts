import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import { CancelRequests } from './cancel-requests.js';
import { JobClaimer } from './job-claimer.js';
import { JobReaper } from './job-reaper.js';
import { OutlookPublisher } from './outlook-publisher.js';
import { WorkerLease } from './worker-lease.js';

/** How long a shutdown waits for attempts in hand, ms; the rest goes back to the queue. */
const DRAIN_MS = 10_000;

/** Starts the worker's duties in order and stops them in reverse: no new claims, finish or give back, end the lease. */
@Injectable()
export class WorkerDuties implements OnApplicationBootstrap, OnModuleDestroy {
  constructor(
    private readonly lease: WorkerLease,
    private readonly reaper: JobReaper,
    private readonly cancels: CancelRequests,
    private readonly claimer: JobClaimer,
    private readonly journals: Journals,
    private readonly recorder: JobRecorder,
    private readonly outlooks: OutlookPublisher,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.lease.start();
    this.reaper.start();
    await this.cancels.start();
    await this.claimer.start();
    this.outlooks.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.claimer.stop();
    await this.reaper.stop();
    const timer = setTimeout(() => this.journals.stopAll('draining'), DRAIN_MS);
    await this.journals.empty();
    clearTimeout(timer);
    await this.recorder.idle();
    await this.outlooks.stop();
    await this.lease.stop();
  }
}
