import { Injectable, Logger, type MessageEvent } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { publicId } from '../../common/ids.js';
import type { Job, Timeline } from '../job.js';
import { isTerminal } from '../job-status.js';
import { SharedJobReads } from '../reading/shared-job-reads.js';
import { JobWatch } from './job-watch.js';
import type { JobWatcher } from './job-watcher.js';
import { StreamClock } from './stream-clock.js';
import { heartbeatEvent, resumedEvent, snapshotEvent, transitionEvent } from './stream-events.js';

/** A stream that is ready to run: whatever can be refused has been. */
export interface OpenedStream {
  readonly events: AsyncIterable<MessageEvent>;
}

/** Follows one job as server-sent events. */
@Injectable()
export class JobStream {
  private readonly log = new Logger(JobStream.name);

  constructor(
    private readonly watch: JobWatch,
    private readonly reads: SharedJobReads,
    private readonly clock: StreamClock,
  ) {}

  /**
   * Opens a stream after `cursor` (0: the whole timeline; null: a snapshot, then what follows). Null when there is
   * nothing left to say: the job has ended and the cursor has seen it. Ends with `done`, or when the signal aborts.
   * @throws NotFoundError, TooManyWatchersError
   */
  async open(
    context: TenantContext,
    jobId: string,
    cursor: number | null,
    signal: AbortSignal,
  ): Promise<OpenedStream | null> {
    const watcher = this.watch.open(context.tenantId, jobId, 'every');
    try {
      const job = await this.reads.job(context, jobId);
      if (cursor !== null && isTerminal(job.status) && cursor >= job.seq) {
        watcher.close();
        return null;
      }
      signal.addEventListener('abort', () => watcher.close(), { once: true });
      if (signal.aborted) watcher.close();
      return { events: this.follow(context, job, cursor, watcher) };
    } catch (error) {
      watcher.close();
      throw error;
    }
  }

  /** An error here would reach the client as an event with a wrong id: the stream ends instead, and the client resumes. */
  private async *follow(
    context: TenantContext,
    first: Job,
    cursor: number | null,
    watcher: JobWatcher,
  ): AsyncGenerator<MessageEvent> {
    const stopBeats = this.clock.onBeat(() => watcher.beat());
    try {
      yield* this.events(context, first, cursor, watcher);
    } catch (error) {
      this.log.warn(`The stream of ${first.rows.id} broke off: ${(error as Error).message}`);
    } finally {
      stopBeats();
      watcher.close();
    }
  }

  private async *events(
    context: TenantContext,
    first: Job,
    cursor: number | null,
    watcher: JobWatcher,
  ): AsyncGenerator<MessageEvent> {
    const jobId = publicId('job', first.rows.id);
    let sent = cursor === null ? first.seq : Math.min(cursor, first.seq);
    if (cursor !== null) yield resumedEvent(sent);
    else {
      yield snapshotEvent(await this.reads.view(context, first));
      if (isTerminal(first.status)) sent--; // the terminal row follows as `done`
    }
    for (let now: Timeline | null = first; now;) {
      for (const transition of now.transitions.slice(sent)) yield transitionEvent(jobId, transition);
      sent = now.seq;
      if (isTerminal(now.status) || !watcher.open) return;
      watcher.seen(sent);
      let word = await watcher.next();
      for (; word === 'heartbeat'; word = await watcher.next()) yield heartbeatEvent(sent, new Date());
      now = word && (await this.latest(context.tenantId, first.rows.id, now));
    }
  }

  /** A read that failed is made good by the next change, or the sweep, which nudges again. */
  private latest(tenantId: string, jobId: string, known: Timeline): Promise<Timeline | null> {
    return this.reads.timeline(tenantId, jobId).catch((error: Error) => {
      this.log.warn(`Reading the followed job ${jobId} failed: ${error.message}`);
      return known;
    });
  }
}
