import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { CHANNEL } from '../job-channels.js';
import { TooManyWatchersError } from '../jobs.errors.js';
import { JobsRepository } from '../reading/jobs.repository.js';
import { JobWatcher } from './job-watcher.js';

/** Clients that one process follows jobs for; each costs a map entry and its share of one statement a second. */
const MAX_WATCHERS = 10_000;
/** Notifications are hints; what they miss is seen this much later. */
const POLL_INTERVAL_MS = 1_000;

/** Knows when a job may have new transitions: notifications at once, a look at all watched jobs every second. */
@Injectable()
export class JobWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly log = new Logger(JobWatch.name);
  private readonly watchers = new Map<string, Set<JobWatcher>>();
  private size = 0;
  private stopListening: (() => void) | null = null;
  private timer: NodeJS.Timeout | null = null;
  private polling = false;

  constructor(
    private readonly listener: NotificationListener,
    private readonly repository: JobsRepository,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.stopListening = await this.listener.listen(CHANNEL.changed, (payload) => this.notified(payload));
    this.timer = setInterval(() => void this.poll(), POLL_INTERVAL_MS).unref();
  }

  /** Ends every wait, so that open requests answer before the server closes. */
  onModuleDestroy(): void {
    this.stopListening?.();
    if (this.timer) clearInterval(this.timer);
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
    if (payload === '') void this.poll();
    else for (const id of payload.split(',')) for (const watcher of this.watchers.get(id) ?? []) watcher.wake();
  }

  private all(): JobWatcher[] {
    return [...this.watchers.values()].flatMap((set) => [...set]);
  }

  /** One statement for each tenant whose jobs are watched; row-level security allows no wider one. */
  private async poll(): Promise<void> {
    if (this.polling || this.size === 0) return;
    this.polling = true;
    try {
      for (const [tenantId, watchers] of Map.groupBy(this.all(), (w) => w.tenantId)) {
        const seqs = await this.repository.lastSeqs(tenantId, [...new Set(watchers.map((w) => w.jobId))]);
        for (const watcher of watchers) watcher.wakeAfter(seqs.get(watcher.jobId) ?? 0);
      }
    } catch (error) {
      this.log.warn(`Looking at the watched jobs failed, trying again: ${(error as Error).message}`);
    } finally {
      this.polling = false;
    }
  }
}
