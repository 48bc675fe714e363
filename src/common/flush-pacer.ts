import type { Clock } from './clock.js';
import { LoadPacer } from './load-pacer.js';

/**
 * Holds the flushes of a writer apart under load, so that each is worth its commit: counted from the last one, a flush
 * waits until enough is there or the load's pause is over. Without load it begins at once.
 */
export class FlushPacer {
  private readonly load: LoadPacer;
  private flushedMs = Number.NEGATIVE_INFINITY;
  private beganMs = 0;
  private wake: () => void = () => undefined;

  /**
   * @param enough items that are worth a commit: more of them save little each
   * @param maxPauseMs longest wait, ms
   * @param inHand what is begun and will come through the writer
   */
  constructor(
    private readonly clock: Clock,
    private readonly enough: number,
    maxPauseMs?: number,
    private readonly inHand: () => number = () => 0,
  ) {
    this.load = new LoadPacer(clock, maxPauseMs);
  }

  /** Tells that this many items wait. */
  waiting(count: number): void {
    if (count >= this.enough) this.wake();
  }

  /** Tells that a flush of this many items is over. */
  flushed(count: number): void {
    this.flushedMs = this.clock.monotonic();
    this.load.took(count, this.flushedMs - this.beganMs);
  }

  /** Resolves when the next flush should begin, which it then does; `count` items wait now. */
  async untilWorthIt(count: number): Promise<void> {
    await this.pause(count);
    this.beganMs = this.clock.monotonic();
  }

  private async pause(count: number): Promise<void> {
    const pauseMs = this.flushedMs + this.load.pauseMs(this.inHand()) - this.clock.monotonic();
    if (pauseMs < 1 || count >= this.enough) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wake = () => undefined;
  }
}
