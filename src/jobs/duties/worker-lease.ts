import { Injectable, Logger } from '@nestjs/common';
import fs from 'node:fs';
import os from 'node:os';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import type { JobJournal } from '../recording/job-journal.js';
import { Journals } from '../recording/journals.js';
import { type HeldRow, QueueRepository } from './queue.repository.js';
import { QueueSweeper } from './queue-sweeper.js';
import { WorkersRepository } from './workers.repository.js';

/** A third of the lease: two heartbeats may be lost. */
const HEARTBEAT_MS = 3_000;
/** A look at the whole queue for claims whose answer was lost, though nothing pointed to one. */
const SEARCH_MS = 30_000;

/**
 * This process's lease. While it is renewed the worker's claims hold; when it is lost, every attempt is aborted and the
 * worker comes back under a new id. Each heartbeat also compares the queue's view with the journals: cancel requests are
 * passed on, claims whose answer never arrived are given back.
 */
@Injectable()
export class WorkerLease {
  private readonly log = new Logger(WorkerLease.name);
  private id = 0;
  private doubtUntilMs = 0;
  private searchedMs = 0;
  private claims = 0n;
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> | null = null;

  constructor(
    private readonly workers: WorkersRepository,
    private readonly queue: QueueRepository,
    private readonly sweeper: QueueSweeper,
    private readonly journals: Journals,
    private readonly scheduler: GpuSchedulerService,
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
    this.id = await this.workers.register(processName());
    this.timer = setInterval(() => {
      this.beating ??= this.beat()
        .catch((error: unknown) => this.log.warn(`heartbeat failed: ${(error as Error).message}`))
        .finally(() => (this.beating = null));
    }, HEARTBEAT_MS);
  }

  /** Ends the lease: what this worker still holds is requeued by any node's next sweep. Without the database it runs out. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.beating;
    await this.workers
      .bury(this.id)
      .catch((error: unknown) => this.log.warn(`the lease was not ended: ${(error as Error).message}`));
  }

  /** A claim failed, so it may have taken rows all the same: look for them during this time. */
  doubtClaims(forMs: number): void {
    this.doubtUntilMs = performance.now() + forMs;
  }

  /** Passes on what the queue knows of this worker's attempts; every so often, and in doubt, looks for lost claims too. */
  async reconcile(): Promise<void> {
    await this.passCancelsOn();
    if (performance.now() >= this.doubtUntilMs && performance.now() - this.searchedMs < SEARCH_MS) return;
    this.searchedMs = performance.now();
    await this.releaseLostClaims();
  }

  private async passCancelsOn(): Promise<void> {
    const journals = this.journals.all();
    if (journals.length === 0) return;
    const asked = await this.queue.askedToCancel(journals.map((journal) => journal.claim));
    const tokens = new Set(asked.map((row) => row.token + row.jobId));
    for (const journal of journals)
      if (tokens.has(journal.claim.token + journal.claim.jobId)) journal.stop('cancel_asked');
  }

  private async releaseLostClaims(): Promise<void> {
    const before = this.journalsByJob();
    const held = await this.queue.held(this.id);
    const byJob = this.journalsByJob();
    const lost: HeldRow[] = [];
    for (const row of held) {
      // An attempt that ended while the answer was on its way is not lost.
      const known = [byJob, before].some((journals) => journals.get(row.jobId)?.claim.token === row.token);
      if (row.settled && !known) lost.push(row);
    }
    if (lost.length > 0) await this.sweeper.releaseLostClaims(this.id, lost);
  }

  private journalsByJob(): ReadonlyMap<string, JobJournal> {
    return new Map(this.journals.all().map((journal) => [journal.claim.jobId, journal]));
  }

  private async beat(): Promise<void> {
    if (await this.workers.heartbeat(this.id, this.scheduler.stats())) return this.reconcile();
    this.log.warn(`worker ${this.id} was declared dead; its ${this.journals.size} attempts are void`);
    this.journals.stopAll('lease_lost');
    this.id = await this.workers.register(processName());
  }

  /** A worker that was killed on this machine need not wait for its lease to run out: its pid is gone. */
  private async buryPredecessors(): Promise<void> {
    const place = processPlace();
    if (!place) return;
    for (const { id, name } of await this.workers.livingNamed(place)) {
      if (!isAlive(Number(name.slice(place.length)))) await this.workers.bury(id);
    }
  }
}

/** Host and pid namespace: inside it a pid that does not exist is proof of death. Linux only. */
function processPlace(): string | null {
  try {
    return `${os.hostname()}/${fs.readlinkSync('/proc/self/ns/pid')}/`;
  } catch {
    return null;
  }
}

function processName(): string {
  return `${processPlace() ?? `${os.hostname()}/`}${process.pid}`;
}

function isAlive(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    return !/\nState:\s+Z/.test(fs.readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
