/** Minimum of the values of the last `spanMs`: amortized O(1); equal neighbours share an entry. */
export class SlidingMinimum {
  private values: number[] = [];
  private times: number[] = [];
  private head = 0;

  constructor(private readonly spanMs: number) {}

  add(value: number, nowMs: number): void {
    while (this.values.length > this.head && (this.values.at(-1) as number) >= value) {
      this.values.pop();
      this.times.pop();
    }
    this.values.push(value);
    this.times.push(nowMs);
  }

  /** Infinity when there is none. */
  at(nowMs: number): number {
    while (this.head < this.times.length && (this.times[this.head] as number) < nowMs - this.spanMs) this.head += 1;
    if (this.head > 32 && this.head * 2 > this.values.length) {
      this.values = this.values.slice(this.head);
      this.times = this.times.slice(this.head);
      this.head = 0;
    }
    return this.values[this.head] ?? Infinity;
  }
}
