import { Injectable, Logger } from '@nestjs/common';
import { NotificationListener } from '../../database/notification-listener.js';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import { BANDS } from '../job.js';
import { CHANNEL } from '../job-channels.js';
import { Journals } from '../recording/journals.js';
import { JobRunner } from './job-runner.js';
import { QueueRepository, type Window } from './queue.repository.js';
import { WorkerLease } from './worker-lease.js';

/** Attempts that one worker holds at most: eight full inference batches of 32. */
const MAX_IN_HAND = 256;
/** Pause when nothing is ready; a notification ends it early. */
const IDLE_POLL_MS = 500;
/** Pause when the worker is full; an ended attempt leaves room again. */
const FULL_POLL_MS = 20;

/**
 * Takes jobs out of the queue for this worker: in bulk, through a window per tenant, so that one tenant's backlog can
 * neither fill the worker nor hide another tenant's rows. Windows come from the scheduler's room.
 */
@Injectable()
export class JobClaimer {
  private readonly log = new Logger(JobClaimer.name);
  private stopping = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;
  private next = 0;

  constructor(
    private readonly queue: QueueRepository,
    private readonly lease: WorkerLease,
    private readonly scheduler: GpuSchedulerService,
    private readonly journals: Journals,
    private readonly runner: JobRunner,
    private readonly listener: NotificationListener,
  ) {}

  async start(): Promise<void> {
    await this.listener.listen(CHANNEL.queued, () => this.wake());
    await this.listener.listen(CHANNEL.canceling, (jobId) => this.cancelAsked(jobId));
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.loop;
  }

  /** An empty payload means that notifications were lost: the queue itself knows what was asked. */
  private cancelAsked(jobId: string): void {
    if (jobId) this.journals.ofJob(jobId)?.stop('cancel_asked');
    else
      this.lease
        .reconcile()
        .catch((error: unknown) => this.log.warn(`reconciling failed: ${(error as Error).message}`));
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const woken = this.nextWake();
      let pauseMs = IDLE_POLL_MS;
      try {
        pauseMs = await this.claimOnce();
      } catch (error) {
        this.log.warn(`claiming failed: ${(error as Error).message}`);
      }
      if (pauseMs > 0 && !this.stopping) await woken(pauseMs);
    }
  }

  /** One claim. Returns how long to pause, ms: 0 when there was work. */
  private async claimOnce(): Promise<number> {
    const room = MAX_IN_HAND - this.journals.size;
    if (room <= 0) return FULL_POLL_MS;
    const tenants = await this.queue.activeTenants();
    const windows = this.windows(
      tenants.map((t) => t.tenantId),
      room,
    );
    if (windows.length === 0) return tenants.length > 0 ? FULL_POLL_MS : IDLE_POLL_MS;
    const claims = await this.queue.claim(windows, this.lease.workerId, this.lease.nextToken());
    const weights = new Map(tenants.map((t) => [t.tenantId, t.weight]));
    for (const claim of claims) void this.runner.run(claim, weights.get(claim.tenantId) ?? 1);
    if (claims.length > 0) return 0;
    return Math.min(IDLE_POLL_MS, Math.max(FULL_POLL_MS, (await this.queue.nextReadyMs()) ?? IDLE_POLL_MS));
  }

  /** Shares the room over the tenants, beginning with another one each time. */
  private windows(tenantIds: readonly string[], room: number): Window[] {
    const fair = Math.max(1, Math.floor(room / Math.max(1, tenantIds.length)));
    const start = this.next++ % Math.max(1, tenantIds.length);
    const order = [...tenantIds.slice(start), ...tenantIds.slice(0, start)];
    let left = room;
    return order.flatMap((tenantId) => {
      const free =
        Math.max(...BANDS.map((band) => this.scheduler.room(tenantId, band))) - this.journals.heldOf(tenantId);
      const size = Math.min(left, Math.max(0, free), tenantIds.length === 1 ? left : fair);
      left -= size;
      return size > 0 ? [{ tenantId, size }] : [];
    });
  }

  /** Arms the wake-up before the claim looks at the queue, so that a notification in between is not missed. */
  private nextWake(): (ms: number) => Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.wake = resolve;
    return async (ms) => {
      const timer = setTimeout(resolve, ms);
      await promise;
      clearTimeout(timer);
    };
  }
}
