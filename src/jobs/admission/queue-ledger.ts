import type { DatabaseSnapshot } from './database-snapshot.js';
import { QueueDepth } from './queue-depth.js';

/** Our commits of one transaction that the last count did not see: jobs by tenant. */
interface Uncounted {
  readonly xid: string;
  readonly jobs: Map<string, number>;
}

/** Rows of the queue, as one statement saw them. */
export interface QueueCount {
  readonly snapshot: DatabaseSnapshot;
  readonly jobs: ReadonlyMap<string, number>;
  /** Monotonic ms. */
  readonly atMs: number;
}

/**
 * The depth of every tenant's queue: the last count of the database, and what this process has done since. The snapshot
 * of a count tells which of our own commits it has, so nothing is counted twice or not at all however the two race.
 */
export class QueueLedger {
  /** All tenants together. */
  readonly total = new QueueDepth();
  private readonly tenants = new Map<string, QueueDepth>();
  private readonly uncounted = new Set<Uncounted>();
  private last: Uncounted | null = null;
  private count: QueueCount | null = null;

  /** Jobs of a tenant that have not ended, those being written included. */
  of(tenantId: string): QueueDepth {
    const known = this.tenants.get(tenantId);
    if (known) return known;
    const depth = new QueueDepth();
    this.tenants.set(tenantId, depth);
    return depth;
  }

  admit(tenantId: string): void {
    this.total.admit();
    this.of(tenantId).admit();
  }

  /** Nothing was written after all. */
  giveBack(tenantId: string): void {
    this.total.giveBack();
    this.of(tenantId).giveBack();
  }

  /** The job was written by transaction `xid`. */
  commit(tenantId: string, xid: string): void {
    const isCounted = this.count?.snapshot.saw(xid) ?? false;
    this.total.commit(isCounted);
    this.of(tenantId).commit(isCounted);
    if (isCounted) return;
    if (this.last?.xid !== xid) this.uncounted.add((this.last = { xid, jobs: new Map() }));
    this.last.jobs.set(tenantId, (this.last.jobs.get(tenantId) ?? 0) + 1);
  }

  /** Takes a newer count over. */
  recount(count: QueueCount): void {
    const found = this.takeFound(count.snapshot);
    const overMs = this.count && count.atMs - this.count.atMs;
    let [total, totalFound] = [0, 0];
    for (const tenantId of count.jobs.keys()) this.of(tenantId);
    for (const [tenantId, depth] of this.tenants) {
      const jobs = count.jobs.get(tenantId) ?? 0;
      const own = found.get(tenantId) ?? 0;
      depth.recount(jobs, own, overMs);
      total += jobs;
      totalFound += own;
      if (depth.isEmpty) this.tenants.delete(tenantId);
    }
    this.total.recount(total, totalFound, overMs);
    this.count = count;
  }

  /** Our commits that this snapshot has, by tenant; they are forgotten. */
  private takeFound(snapshot: DatabaseSnapshot): Map<string, number> {
    const found = new Map<string, number>();
    for (const commit of this.uncounted) {
      if (!snapshot.saw(commit.xid)) continue;
      this.uncounted.delete(commit);
      if (this.last === commit) this.last = null;
      for (const [tenantId, jobs] of commit.jobs) found.set(tenantId, (found.get(tenantId) ?? 0) + jobs);
    }
    return found;
  }
}
