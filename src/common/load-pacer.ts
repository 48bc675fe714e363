import type { Clock } from './clock.js';

/** Longest pause unless told otherwise, ms: what latency may pay for full batches. */
const MAX_PAUSE_MS = 50;
/** From this many items a second on, the pause is the longest. */
const FULL_RATE_PER_S = 1_000;
/** On a busy machine a batch takes longer: the pause is then this many times as long, so that batches leave room for the work. */
const PAUSE_PER_BATCH = 3;
/** From this many items a second on; rarer ones are not worth waiting for. */
const BUSY_RATE_PER_S = 50;
/** Fewer than this in hand may be one client's that waits for each. */
const MUCH_IN_HAND = 32;
/** How much of the time that what is in hand takes a pause may be. */
const PART_OF_STANDING = 0.2;
/** The rate is an average that forgets with this time constant, ms. */
const MEMORY_MS = 500;

/**
 * How long a loop that handles items in batches should wait before the next one: not at all when little goes on, up to
 * `maxPauseMs` when much does, much is in hand or the machine is busy, so that a batch is worth its commit. A statement over 5 rows costs
 * nearly as much as one over 50.
 */
export class LoadPacer {
  private level = 0;
  private batchMs = 0;
  private seenMs: number;

  constructor(
    private readonly clock: Clock,
    private readonly maxPauseMs = MAX_PAUSE_MS,
  ) {
    this.seenMs = clock.monotonic();
  }

  /** Notes a batch of `count` items that took `batchMs`. */
  took(count: number, batchMs: number): void {
    this.level = this.levelNow() + count;
    this.batchMs = batchMs;
    this.seenMs = this.clock.monotonic();
  }

  /**
   * Pause after the last batch, ms.
   * @param inHand work that is begun and goes through these batches: to see it off takes `inHand / rate`, beside which a
   *   part of that does not count
   */
  pauseMs(inHand = 0): number {
    const ratePerS = (this.levelNow() / MEMORY_MS) * 1_000;
    const byRate = this.maxPauseMs * Math.min(1, ratePerS / FULL_RATE_PER_S);
    const busyMs = Math.min(this.maxPauseMs, PAUSE_PER_BATCH * this.batchMs) * Math.min(1, ratePerS / BUSY_RATE_PER_S);
    const standingMs = inHand < MUCH_IN_HAND ? 0 : (PART_OF_STANDING * inHand * 1_000) / ratePerS;
    return Math.floor(Math.max(byRate, busyMs, Math.min(this.maxPauseMs, standingMs)));
  }

  private levelNow(): number {
    return this.level * Math.exp((this.seenMs - this.clock.monotonic()) / MEMORY_MS);
  }
}
