import type { Clock } from './clock.js';

/** Longest pause unless told otherwise, ms: what latency may pay for full batches. */
const MAX_PAUSE_MS = 50;
/** From this many items a second on, the pause is the longest. */
const FULL_RATE_PER_S = 1_000;
/** The rate is an average that forgets with this time constant, ms. */
const MEMORY_MS = 500;

/**
 * How long a loop that handles items in batches should wait before the next one: not at all when little goes on, up to
 * `maxPauseMs` when much does, so that a batch is worth its commit. A statement over 5 rows costs nearly as much as one over 50.
 */
export class LoadPacer {
  private level = 0;
  private seenMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly maxPauseMs = MAX_PAUSE_MS,
  ) {
    this.seenMs = clock.monotonic();
  }

  /** Notes a batch of `count` items. */
  took(count: number): void {
    this.level = this.levelNow() + count;
    this.seenMs = this.clock.monotonic();
  }

  /** Pause after the last batch, ms. */
  get pauseMs(): number {
    const ratePerS = (this.levelNow() / MEMORY_MS) * 1_000;
    return Math.floor(this.maxPauseMs * Math.min(1, ratePerS / FULL_RATE_PER_S));
  }

  private levelNow(): number {
    return this.level * Math.exp((this.seenMs - this.clock.monotonic()) / MEMORY_MS);
  }
}
