import { Injectable, Logger, type MessageEvent } from '@nestjs/common';
import type { TenantContext } from '../../auth/tenant-context.js';
import { publicId } from '../../common/ids.js';
import type { Job } from '../job.js';
import { isTerminal } from '../job-status.js';
import { JobReader } from '../reading/job-reader.js';
import { toJobDto } from '../reading/to-job-dto.js';
import { JobWatch } from './job-watch.js';
import type { JobWatcher } from './job-watcher.js';
import { heartbeatEvent, resumedEvent, snapshotEvent, transitionEvent } from './stream-events.js';

/** Interval of heartbeats. Watchdogs of clients and proxies commonly cut after 30 s of silence. */
const HEARTBEAT_MS = 15_000;

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
    private readonly reader: JobReader,
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
    const watcher = this.watch.open(context.tenantId, jobId);
    try {
      const job = await this.reader.get(context, jobId);
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
    try {
      yield* this.events(context, first, cursor, watcher);
    } catch (error) {
      this.log.warn(`The stream of ${first.rows.id} broke off: ${(error as Error).message}`);
    } finally {
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
    let job = first;
    let sent = cursor === null ? job.seq : Math.min(cursor, job.seq);
    if (cursor !== null) yield resumedEvent(sent);
    else {
      yield snapshotEvent(toJobDto(job, await this.reader.tenantPosition(context, job)));
      if (isTerminal(job.status)) sent--; // the terminal row follows as `done`
    }
    for (;;) {
      for (const transition of job.transitions.slice(sent)) yield transitionEvent(jobId, transition);
      sent = job.seq;
      if (isTerminal(job.status) || !watcher.open) return;
      watcher.seen(sent);
      while (!(await watcher.next(HEARTBEAT_MS))) {
        if (!watcher.open) return;
        yield heartbeatEvent(sent, new Date());
      }
      job = await this.reader.get(context, job.rows.id);
    }
  }
}
