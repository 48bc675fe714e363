/** The rate is an average that forgets with this time constant: a few counts. */
const MEMORY_MS = 5_000;

/** How fast a queue empties, as far as this process can see. */
export class DrainRate {
  private perSecond: number | null = null;

  /** Notes that `jobs` left the queue in the last `overMs` ms. */
  observe(jobs: number, overMs: number): void {
    if (overMs <= 0) return;
    const now = (Math.max(0, jobs) * 1_000) / overMs;
    const weight = 1 - Math.exp(-overMs / MEMORY_MS);
    this.perSecond = this.perSecond === null ? now : this.perSecond + weight * (now - this.perSecond);
  }

  /** Seconds until this many jobs have left; null while nothing was observed, Infinity when none leave. */
  secondsFor(jobs: number): number | null {
    return this.perSecond === null ? null : jobs / this.perSecond;
  }
}
