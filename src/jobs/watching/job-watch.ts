import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { CHANNEL } from '../job-channels.js';
import { TooManyWatchersError } from '../jobs.errors.js';
import { SharedJobReads } from '../reading/shared-job-reads.js';
import { JobWatcher } from './job-watcher.js';
import { WatchSweep } from './watch-sweep.js';

/** Clients that one process follows jobs for. A stream takes about 50 KiB: 20,000 of them are 1 GiB. */
const MAX_WATCHERS = 20_000;

/**
 * Knows when followed jobs have new transitions and hands them out: a notification leads to one read for all followed
 * jobs of a tenant that changed together, however many clients follow them; a sweep finds what no notification told.
 */
@Injectable()
export class JobWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(JobWatch.name);
  private readonly watchers = new Map<string, Set<JobWatcher>>();
  private size = 0;
  private stopListening: (() => void) | null = null;

  constructor(
    private readonly listener: NotificationListener,
    private readonly reads: SharedJobReads,
    private readonly sweep: WatchSweep,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.listener.listen(CHANNEL.changed, (payload) => this.notified(payload));
    this.sweep.start(
      () => this.all(),
      (watcher) => this.look(watcher),
    );
  }

  /** Ends every wait, so that open requests answer before the server closes. */
  onModuleDestroy(): void {
    this.stopListening?.();
    this.sweep.stop();
    for (const watcher of this.all()) watcher.close();
  }

  /** Clients that follow a job right now. */
  get count(): number {
    return this.size;
  }

  /**
   * Starts to follow a job (uuid). Open it before reading the job: no change between can be missed. Close it always.
   * @throws TooManyWatchersError
   */
  open(tenantId: string, jobId: string): JobWatcher {
    if (this.size >= MAX_WATCHERS) throw new TooManyWatchersError();
    const watcher: JobWatcher = new JobWatcher(tenantId, jobId, () => this.remove(watcher));
    const ofJob = this.watchers.get(jobId) ?? new Set();
    this.watchers.set(jobId, ofJob.add(watcher));
    this.size++;
    return watcher;
  }

  private remove(watcher: JobWatcher): void {
    const ofJob = this.watchers.get(watcher.jobId);
    if (!ofJob?.delete(watcher)) return;
    this.size--;
    if (ofJob.size === 0) this.watchers.delete(watcher.jobId);
  }

  private notified(payload: string): void {
    if (payload === '') this.sweep.now();
    else for (const id of payload.split(',')) for (const watcher of this.watchers.get(id) ?? []) this.look(watcher);
  }

  /** Watchers of one job share the read. A failed one is made good by the sweep. */
  private look(watcher: JobWatcher): void {
    this.reads.timeline(watcher.tenantId, watcher.jobId).then(
      (timeline) => timeline && watcher.offer(timeline),
      (error: Error) => this.log.warn(`Reading the followed job ${watcher.jobId} failed: ${error.message}`),
    );
  }

  private all(): JobWatcher[] {
    return [...this.watchers.values()].flatMap((set) => [...set]);
  }
}
