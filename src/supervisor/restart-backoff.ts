import type { Clock } from '../common/clock.js';

/** First pause of a process that dies again; doubles up to the longest. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A process that lived this long begins anew: its next death is restarted at once. */
const STABLE_AFTER_MS = 30_000;

/** How long to wait before a dead process is started again: not at all the first time, then 100 ms doubling to 5 s. */
export class RestartBackoff {
  private deaths = 0;
  private startedAtMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Deaths in a row without a stable life between them. */
  get deathsInARow(): number {
    return this.deaths;
  }

  started(): void {
    this.startedAtMs = this.clock.monotonic();
  }

  /** Notes a death and returns the pause before the next start, in ms. */
  died(): number {
    const stable = this.clock.monotonic() - this.startedAtMs >= STABLE_AFTER_MS;
    this.deaths = stable ? 1 : this.deaths + 1;
    return this.deaths === 1 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.deaths - 2));
  }
}
