import { Injectable } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import type { Job, Timeline } from '../job.js';
import { isTerminal } from '../job-status.js';
import { SharedJobReads } from '../reading/shared-job-reads.js';
import { JobWatch } from './job-watch.js';

/** Waits for jobs on behalf of requests that want an answer later. */
@Injectable()
export class JobWaiter {
  constructor(
    private readonly watch: JobWatch,
    private readonly reads: SharedJobReads,
  ) {}

  /** The job when it has ended, or as it is when the time is over or the client left. */
  untilEnded(context: TenantContext, jobId: string, timeoutMs: number, signal: AbortSignal): Promise<Job> {
    return this.until(context, jobId, (job) => isTerminal(job.status), timeoutMs, signal);
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
    const changed = (job: Timeline): boolean => {
      after ??= job.seq;
      return job.seq > after || isTerminal(job.status);
    };
    return this.until(context, jobId, changed, timeoutMs, signal);
  }

  private async until(
    context: TenantContext,
    jobId: string,
    isDone: (job: Timeline) => boolean,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Job> {
    const end = performance.now() + timeoutMs;
    const watcher = this.watch.open(context.tenantId, jobId);
    try {
      const job = await this.reads.job(context, jobId);
      let now: Timeline = job;
      while (!isDone(now)) {
        watcher.seen(now.seq);
        const word = await watcher.next(end - performance.now(), signal);
        if (word === null) break;
        if (word !== 'heartbeat') now = word;
      }
      return now === job ? job : await this.reads.job(context, jobId);
    } finally {
      watcher.close();
    }
  }
}
