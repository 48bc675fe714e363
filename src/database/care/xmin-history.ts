/** Samples are kept for a day; at one each 10 s that is 8,640 of 16 bytes. */
const KEPT_MS = 24 * 3_600_000;

/**
 * Tells how old a snapshot is. PostgreSQL knows transaction ids, not their times, so the ids are sampled: a snapshot is
 * at least as old as the first sample whose next id lies beyond its xmin. A snapshot that holds nothing back, because no
 * id was given out since, has no age.
 */
export class XminHistory {
  private readonly samples: { atMs: number; nextXid: number }[] = [];

  /** Notes that `nextXid` was the next id at this instant. Call with rising instants. */
  note(atMs: number, nextXid: number): void {
    const last = this.samples.at(-1);
    if (last?.nextXid !== nextXid) this.samples.push({ atMs, nextXid });
    while (this.samples.length > 1 && this.samples[1]!.atMs < atMs - KEPT_MS) this.samples.shift();
  }

  /** Milliseconds for which this xmin has been in the past, as far as the samples tell. */
  ageMs(xmin: number, nowMs: number): number {
    const passed = this.samples.find((sample) => sample.nextXid > xmin);
    return passed ? nowMs - passed.atMs : 0;
  }
}
