import { DrainRate } from './drain-rate.js';

/** What is known of one queue: the jobs of a tenant, or of all, that have not ended. */
export class QueueDepth {
  /** In the database at the last count. */
  private counted = 0;
  /** Committed by this process, and not in the last count. */
  private uncounted = 0;
  /** Admitted by this process; not committed as far as it knows. */
  private pending = 0;
  /** Committed by this process and found in a count, since the count before that. */
  private entered = 0;
  private readonly drain = new DrainRate();

  /** Jobs that wait, run, or are about to be written. */
  get jobs(): number {
    return this.counted + this.uncounted + this.pending;
  }

  get isEmpty(): boolean {
    return this.jobs === 0;
  }

  /** Seconds until this many more jobs find room below `limit`; null when nobody can tell yet. */
  secondsUntilRoom(limit: number, forJobs: number): number | null {
    return this.drain.secondsFor(this.jobs + forJobs - limit);
  }

  admit(): void {
    this.pending++;
  }

  giveBack(): void {
    this.pending--;
  }

  /** One that was pending is committed; `counted` when the last count has it already. */
  commit(counted: boolean): void {
    this.pending--;
    if (counted) this.entered++;
    else this.uncounted++;
  }

  /**
   * A new count.
   * @param found of our own uncounted jobs, how many were committed early enough to be in it
   * @param overMs since the last count; null for the first
   */
  recount(jobs: number, found: number, overMs: number | null): void {
    this.entered += found;
    if (overMs !== null) this.drain.observe(this.counted + this.entered - jobs, overMs);
    this.counted = jobs;
    this.uncounted -= found;
    this.entered = 0;
  }
}
