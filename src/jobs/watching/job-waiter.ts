import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import type { Job } from '../job.js';
import { isTerminal } from '../job-status.js';
import { SharedJobReads } from '../reading/shared-job-reads.js';
import { JobWatch } from './job-watch.js';
import type { Interest } from './job-watcher.js';

/** Waits for jobs on behalf of requests that want an answer later. */
@Injectable()
export class JobWaiter {
  constructor(
    private readonly watch: JobWatch,
    private readonly reads: SharedJobReads,
  ) {}

  /** The job when it has ended, or as it is when the time is over or the client left. */
  untilEnded(context: TenantContext, jobId: string, timeoutMs: number, signal: AbortSignal): Promise<Job> {
    return this.until(context, jobId, 'end', (job) => isTerminal(job.status), timeoutMs, signal);
  }

  /**
   * The job when it has a transition after `afterSeq`, or as it is when it never will, the time is over or the client
   * left. `afterSeq` null: after the newest one now.
   */
  untilChanged(
    context: TenantContext,
    jobId: string,
    afterSeq: number | null,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Job> {
    let after = afterSeq;
    const changed = (job: Job): boolean => {
      after ??= job.seq;
      return job.seq > after || isTerminal(job.status);
    };
    return this.until(context, jobId, 'every', changed, timeoutMs, signal);
  }

  private async until(
    context: TenantContext,
    jobId: string,
    interest: Interest,
    isDone: (job: Job) => boolean,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Job> {
    const end = performance.now() + timeoutMs;
    const watcher = this.watch.open(context.tenantId, jobId, interest);
    try {
      let job = await this.reads.job(context, jobId);
      while (!isDone(job)) {
        watcher.seen(job.seq);
        const isOver = (await watcher.next(end - performance.now(), signal)) === null;
        job = await this.reads.job(context, jobId);
        if (isOver) break;
      }
      return job;
    } finally {
      watcher.close();
    }
  }
}
