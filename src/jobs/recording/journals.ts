import { Injectable } from '@nestjs/common';
import type { Claim } from './claim.js';
import { JobJournal, type StopReason } from './job-journal.js';

/** The attempts that this worker holds, by item id and by job. */
@Injectable()
export class Journals {
  private readonly byItem = new Map<string, JobJournal>();
  private readonly byTenant = new Map<string, number>();
  private readonly emptied: (() => void)[] = [];

  get size(): number {
    return this.byItem.size;
  }

  /** Attempts in hand of one tenant. */
  heldOf(tenantId: string): number {
    return this.byTenant.get(tenantId) ?? 0;
  }

  open(claim: Claim): JobJournal {
    const journal = new JobJournal(claim);
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
