import { Injectable, Logger, Optional } from '@nestjs/common';
import { XminAlarm } from '../../database/care/xmin-alarm.js';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import { HeldClaims } from './held-claims.js';
import { LeaseThread } from './lease-thread.js';
import { isAnotherAlive, processName, processPlace } from './process-place.js';
import { WorkersRepository } from './workers.repository.js';

/**
 * This process's lease. While it is renewed the worker's claims hold; when it is lost, every attempt is aborted and the
 * worker comes back under a new id. Two renew it: the lease thread, which a busy event loop does not hold up, and the
 * heartbeat of this loop, which also writes what the scheduler does and compares the queue's view with the journals.
 */
@Injectable()
export class WorkerLease {
  private readonly log = new Logger(WorkerLease.name);
  private id = 0;
  private claims = 0n;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | null = null;
  private replacing: Promise<void> | null = null;

  constructor(
    private readonly workers: WorkersRepository,
    private readonly thread: LeaseThread,
    private readonly held: HeldClaims,
    private readonly journals: Journals,
    private readonly scheduler: GpuSchedulerService,
    @Optional() private readonly xmin?: XminAlarm,
    @Optional() private readonly recorder?: JobRecorder,
  ) {}

  get workerId(): number {
    return this.id;
  }

  /** One fencing token per claim: worker id << 40 | counter. */
  nextToken(): string {
    return ((BigInt(this.id) << 40n) | ++this.claims).toString();
  }

  async start(): Promise<void> {
    await this.buryPredecessors();
    this.id = await this.workers.register(processName(), this.thread.times.leaseMs);
    const warn = (error: unknown): void => this.log.warn(`heartbeat failed: ${(error as Error).message}`);
    this.thread.start(
      () => this.id,
      (workerId) => void this.replace(workerId).catch(warn),
    );
    this.timer = setInterval(() => {
      this.beating ??= this.beat()
        .catch(warn)
        .finally(() => (this.beating = null));
    }, this.thread.times.renewEveryMs);
  }

  /** Ends the lease: what this worker still holds is requeued by any node's next sweep. Without the database it runs out. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.thread.stop();
    await this.beating;
    await this.replacing?.catch(() => undefined);
    await this.workers
      .bury(this.id)
      .catch((error: unknown) => this.log.warn(`the lease was not ended: ${(error as Error).message}`));
  }

  /** A claim failed, so it may have taken rows all the same: look for them during this time. */
  doubtClaims(forMs: number): void {
    this.held.doubt(forMs);
  }

  /** Compares what the queue says that this worker holds with what it knows. */
  reconcile(): Promise<void> {
    return this.held.reconcile(this.id);
  }

  private async beat(): Promise<void> {
    const id = this.id;
    const own = { database: this.xmin?.status ?? null, staleWrites: this.recorder?.staleWrites ?? 0 };
    const stats = { ...this.scheduler.stats(), ...own };
    if (await this.workers.heartbeat(id, stats, this.thread.times.leaseMs)) return this.reconcile();
    await this.replace(id);
  }

  /** Whoever hears first that this worker was declared dead voids its attempts and takes a new lease. */
  private replace(workerId: number): Promise<void> {
    if (workerId !== this.id) return Promise.resolve();
    this.replacing ??= this.register().finally(() => (this.replacing = null));
    return this.replacing;
  }

  private async register(): Promise<void> {
    this.log.warn(`worker ${this.id} was declared dead; its ${this.journals.size} attempts are void`);
    this.journals.stopAll('lease_lost');
    this.id = await this.workers.register(processName(), this.thread.times.leaseMs);
  }

  /** A worker that was killed on this machine need not wait for its lease to run out: its pid is gone. */
  private async buryPredecessors(): Promise<void> {
    const place = processPlace();
    if (!place) return;
    for (const { id, name } of await this.workers.livingNamed(place)) {
      if (!isAnotherAlive(Number(name.slice(place.length)))) await this.workers.bury(id);
    }
  }
}
