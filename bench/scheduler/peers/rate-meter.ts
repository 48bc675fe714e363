/** Arrivals over a sliding window. */
export class RateMeter {
  private times: number[] = [];
  private start = 0;

  constructor(private readonly windowMs: number) {}

  add(now: number): void {
    this.times.push(now);
  }

  /** Arrivals per ms over the window, or over the time since 0 while that is shorter. */
  perMs(now: number): number {
    while (this.start < this.times.length && (this.times[this.start] ?? 0) <= now - this.windowMs) this.start += 1;
    if (this.start > 4096 && this.start * 2 > this.times.length) {
      this.times = this.times.slice(this.start);
      this.start = 0;
    }
    return (this.times.length - this.start) / Math.min(this.windowMs, Math.max(now, 1));
  }
}
