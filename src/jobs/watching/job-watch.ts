import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { CHANNEL, changedJobs } from '../job-channels.js';
import { TooManyWatchersError } from '../jobs.errors.js';
import { type Interest, JobWatcher } from './job-watcher.js';
import { WatchSweep } from './watch-sweep.js';

/** Clients that one process follows jobs for. A stream takes about 50 KiB: 20,000 of them are 1 GiB. */
const MAX_WATCHERS = 20_000;

/**
 * Tells who follows a job that it has new transitions: as notifications say, and a sweep finds what none told. Those who
 * are told in one tick read together, see SharedJobReads.
 */
@Injectable()
export class JobWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly watchers = new Map<string, Set<JobWatcher>>();
  private size = 0;
  private stopListening: (() => void) | null = null;

  constructor(
    private readonly listener: NotificationListener,
    private readonly sweep: WatchSweep,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.listener.listen(CHANNEL.changed, (payload) => this.notified(payload));
    this.sweep.start(() => this.all());
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
  open(tenantId: string, jobId: string, interest: Interest): JobWatcher {
    if (this.size >= MAX_WATCHERS) throw new TooManyWatchersError();
    const watcher: JobWatcher = new JobWatcher(tenantId, jobId, interest, () => this.remove(watcher));
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
    if (payload === '') return this.sweep.now();
    for (const { jobId, goesOn } of changedJobs(payload))
      for (const watcher of this.watchers.get(jobId) ?? [])
        if (!goesOn || watcher.interest === 'every') watcher.nudge();
  }

  private all(): JobWatcher[] {
    return [...this.watchers.values()].flatMap((set) => [...set]);
  }
}
