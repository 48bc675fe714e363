import type { Logger } from '@nestjs/common';

/** Work that is repeated for as long as a process lives; one round at a time. A failed round is met again by the next. */
export class Rounds {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  /**
   * @param everyMs from the begin of a round to that of the next; a round that takes longer leaves out those it covers
   * @param complaint what a warning about a failed round begins with
   */
  constructor(
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly log: Logger,
    private readonly complaint: string,
  ) {}

  start(): void {
    this.timer = setInterval(() => (this.running ??= this.round().finally(() => (this.running = null))), this.everyMs);
    this.timer.unref();
  }

  /** Resolves when the round that runs has ended. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async round(): Promise<void> {
    try {
      await this.work();
    } catch (error) {
      this.log.warn(`${this.complaint}, the next round tries again: ${(error as Error).message}`);
    }
  }
}
