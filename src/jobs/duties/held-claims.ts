import { Injectable } from '@nestjs/common';
import type { JobJournal } from '../recording/job-journal.js';
import { Journals } from '../recording/journals.js';
import { type HeldRow, QueueRepository } from './queue.repository.js';
import { QueueSweeper } from './queue-sweeper.js';

/** A look at the whole queue for claims whose answer was lost, though nothing pointed to one. */
const SEARCH_MS = 30_000;

/**
 * Compares what the queue says that this worker holds with the journals: cancel requests are passed on, claims whose
 * answer never arrived are given back.
 */
@Injectable()
export class HeldClaims {
  private doubtUntilMs = 0;
  private searchedMs = 0;

  constructor(
    private readonly queue: QueueRepository,
    private readonly sweeper: QueueSweeper,
    private readonly journals: Journals,
  ) {}

  /** A claim failed, so it may have taken rows all the same: look for them during this time. */
  doubt(forMs: number): void {
    this.doubtUntilMs = performance.now() + forMs;
  }

  /** Passes on what the queue knows of this worker's attempts; every so often, and in doubt, looks for lost claims too. */
  async reconcile(workerId: number): Promise<void> {
    await this.passCancelsOn();
    if (performance.now() >= this.doubtUntilMs && performance.now() - this.searchedMs < SEARCH_MS) return;
    this.searchedMs = performance.now();
    await this.releaseLostClaims(workerId);
  }

  private async passCancelsOn(): Promise<void> {
    const journals = this.journals.all();
    if (journals.length === 0) return;
    const asked = await this.queue.askedToCancel(journals.map((journal) => journal.claim));
    const tokens = new Set(asked.map((row) => row.token + row.jobId));
    for (const journal of journals)
      if (tokens.has(journal.claim.token + journal.claim.jobId)) journal.stop('cancel_asked');
  }

  private async releaseLostClaims(workerId: number): Promise<void> {
    const before = this.journalsByJob();
    const held = await this.queue.held(workerId);
    const byJob = this.journalsByJob();
    const lost: HeldRow[] = [];
    for (const row of held) {
      // An attempt that ended while the answer was on its way is not lost.
      const known = [byJob, before].some((journals) => journals.get(row.jobId)?.claim.token === row.token);
      if (row.settled && !known) lost.push(row);
    }
    if (lost.length > 0) await this.sweeper.releaseLostClaims(workerId, lost);
  }

  private journalsByJob(): ReadonlyMap<string, JobJournal> {
    return new Map(this.journals.all().map((journal) => [journal.claim.jobId, journal]));
  }
}
