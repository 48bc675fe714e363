import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../common/clock.js';
import { LoadPacer } from '../../common/load-pacer.js';
import { NotificationListener } from '../../database/notification-listener.js';
import { CHANNEL } from '../job-channels.js';
import type { Claim } from '../recording/claim.js';
import { ClaimWindows, WORTHWHILE_CLAIM } from './claim-windows.js';
import { JobRunner } from './job-runner.js';
import { QueueRepository, type Window } from './queue.repository.js';
import { type Announcement, ReadyTenants } from './ready-tenants.js';
import { WorkerLease } from './worker-lease.js';

/** Pause when nothing is ready; a notification ends it early. */
const IDLE_POLL_MS = 500;
/** Pause when the worker is full; ended attempts leave room again. */
const FULL_POLL_MS = 20;
/** How long after a failed claim rows may turn up that it took without being able to say so, ms. */
const DOUBT_MS = 15_000;

/**
 * Takes jobs out of the queue for this worker: in bulk, through a window per tenant, so that one tenant's backlog can
 * neither fill the worker nor hide another tenant's rows. Windows come from the scheduler's room. Claims follow each other
 * at once while they come back with much and leave more, and are paced by the load otherwise.
 */
@Injectable()
export class JobClaimer {
  private readonly log = new Logger(JobClaimer.name);
  private readonly pacer: LoadPacer;
  private stopping = false;
  private loop: Promise<void> = Promise.resolve();
  private wake: () => void = () => undefined;

  constructor(
    private readonly queue: QueueRepository,
    private readonly tenants: ReadyTenants,
    private readonly windows: ClaimWindows,
    private readonly lease: WorkerLease,
    private readonly runner: JobRunner,
    private readonly listener: NotificationListener,
    private readonly clock: Clock,
  ) {
    this.pacer = new LoadPacer(clock);
  }

  async start(): Promise<void> {
    await this.listener.listen(CHANNEL.queued, (payload) => {
      this.tenants.announce(payload);
      this.wake();
    });
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping = true;
    this.wake();
    await this.loop;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const woken = this.nextWake();
      let pauseMs = IDLE_POLL_MS;
      try {
        const claimed = await this.claimOnce();
        if (claimed === 'some') await delay(this.pacer.pauseMs());
        pauseMs = typeof claimed === 'number' ? claimed : 0;
      } catch (error) {
        this.lease.doubtClaims(DOUBT_MS);
        this.log.warn(`claiming failed: ${(error as Error).message}`);
      }
      if (pauseMs > 0 && !this.stopping) await woken(pauseMs);
    }
  }

  /** One claim. `all`: there is more, go on; `some`: that was all that is ready now; else a pause in ms that news may end. */
  private async claimOnce(): Promise<'all' | 'some' | number> {
    if (!this.windows.hasRoom) return FULL_POLL_MS;
    const known = await this.tenants.current();
    const windows = this.windows.of(known);
    if (windows.length === 0) return known.size > 0 ? FULL_POLL_MS : IDLE_POLL_MS;
    const fromMs = this.clock.monotonic();
    const claims = await this.queue.claim(windows, this.lease.workerId, this.lease.nextToken());
    const claimedMs = this.clock.monotonic() - fromMs;
    for (const claim of claims) void this.runner.run(claim);
    const more = this.noteExhausted(windows, claims, known);
    if (claims.length === 0)
      return Math.min(IDLE_POLL_MS, Math.max(FULL_POLL_MS, (await this.queue.nextReadyMs()) ?? IDLE_POLL_MS));
    this.pacer.took(claims.length, claimedMs);
    return more && claims.length >= WORTHWHILE_CLAIM ? 'all' : 'some';
  }

  /** Forgets the tenants whose windows were not filled; true when one was. */
  private noteExhausted(windows: readonly Window[], claims: readonly Claim[], known: Announcement): boolean {
    const counts = new Map<string, number>();
    for (const { tenantId } of claims) counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1);
    const exhausted = windows.filter(({ tenantId, size }) => (counts.get(tenantId) ?? 0) < size);
    for (const window of exhausted)
      if (this.windows.exhausted(window, known)) this.tenants.exhausted(window.tenantId, known);
    return exhausted.length < windows.length;
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
