import { Injectable } from '@nestjs/common';
import { BANDS } from '../job.js';
import type { Claim } from './claim.js';
import { JobJournal, type StopReason } from './job-journal.js';

/** The attempts that this worker holds, by item id and by job. */
@Injectable()
export class Journals {
  private readonly byItem = new Map<string, JobJournal>();
  private readonly byTenant = new Map<string, number>();
  /** Attempts that the scheduler has not got yet, by tenant and band. */
  private readonly ahead = new Map<string, number[]>();
  private readonly unsubmitted = new Set<JobJournal>();
  private readonly emptied: (() => void)[] = [];

  get size(): number {
    return this.byItem.size;
  }

  /** Attempts in hand of one tenant. */
  heldOf(tenantId: string): number {
    return this.byTenant.get(tenantId) ?? 0;
  }

  /** Attempts of the tenant, in the band and the bands above it, that have not come to the scheduler yet. */
  aheadOf(tenantId: string, band: number): number {
    return (this.ahead.get(tenantId) ?? []).slice(0, band + 1).reduce((sum, count) => sum + count, 0);
  }

  /** The attempt comes to the scheduler now. */
  submitted(journal: JobJournal): void {
    const { tenantId, band } = journal.claim;
    const counts = this.ahead.get(tenantId);
    if (!counts || !this.unsubmitted.delete(journal)) return;
    counts[band] = (counts[band] ?? 0) - 1;
    if (counts.every((count) => count === 0)) this.ahead.delete(tenantId);
  }

  open(claim: Claim): JobJournal {
    const journal = new JobJournal(claim);
    const counts = this.ahead.get(claim.tenantId) ?? BANDS.map(() => 0);
    counts[claim.band] = (counts[claim.band] ?? 0) + 1;
    this.ahead.set(claim.tenantId, counts);
    this.unsubmitted.add(journal);
    this.byItem.set(journal.itemId, journal);
    this.byTenant.set(claim.tenantId, this.heldOf(claim.tenantId) + 1);
    return journal;
  }

  get(itemId: string): JobJournal | undefined {
    return this.byItem.get(itemId);
  }

  all(): JobJournal[] {
    return [...this.byItem.values()];
  }

  ofJob(jobId: string): JobJournal | undefined {
    return this.all().find((j) => j.claim.jobId === jobId);
  }

  forget(journal: JobJournal): void {
    if (!this.byItem.delete(journal.itemId)) return;
    this.submitted(journal);
    const left = this.heldOf(journal.claim.tenantId) - 1;
    if (left > 0) this.byTenant.set(journal.claim.tenantId, left);
    else this.byTenant.delete(journal.claim.tenantId);
    if (this.size === 0) for (const resolve of this.emptied.splice(0)) resolve();
  }

  stopAll(reason: StopReason): void {
    for (const journal of this.byItem.values()) journal.stop(reason);
  }

  /** Resolves when no attempt is in hand. */
  empty(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.emptied.push(resolve));
  }
}
