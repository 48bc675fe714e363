import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../common/clock.js';

/** One line a minute says enough. */
const QUIET_MS = 60_000;

/** Logs that BullMQ's store is away. Its clients complain at every try of every connection; most of that is left out. */
@Injectable()
export class StoreOutage {
  private readonly log = new Logger(StoreOutage.name);
  private quietUntilMs = Number.NEGATIVE_INFINITY;
  private leftOut = 0;

  constructor(private readonly clock: Clock) {}

  noticed(error: Error): void {
    if (this.clock.monotonic() < this.quietUntilMs) {
      this.leftOut++;
      return;
    }
    const more = this.leftOut > 0 ? ` (${this.leftOut} more complaints since the last line)` : '';
    this.log.warn(`side work waits for its store: ${error.message || error.name}${more}`);
    this.quietUntilMs = this.clock.monotonic() + QUIET_MS;
    this.leftOut = 0;
  }
}
