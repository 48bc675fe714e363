import type { Clock } from '../common/clock.js';

const PAUSE_MS = 1_000;

/** At most one line a second; the next one says how many were left out. An overloaded server must not log each refusal. */
export class ThrottledLog {
  private writtenAtMs = -Infinity;
  private leftOut = 0;

  constructor(
    private readonly write: (line: string) => void,
    private readonly clock: Clock,
  ) {}

  add(line: string): void {
    const now = this.clock.monotonic();
    if (now - this.writtenAtMs < PAUSE_MS) {
      this.leftOut++;
      return;
    }
    this.write(this.leftOut > 0 ? `${line} (and ${this.leftOut} more since the last line)` : line);
    this.writtenAtMs = now;
    this.leftOut = 0;
  }
}
