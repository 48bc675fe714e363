/** The latest samples, also kept in order: any quantile is O(1), an addition moves at most `capacity` numbers. */
export class SampleWindow {
  private readonly ring: Float64Array;
  private readonly sorted: Float64Array;
  private count = 0;
  private at = 0;

  constructor(private readonly capacity: number) {
    this.ring = new Float64Array(capacity);
    this.sorted = new Float64Array(capacity);
  }

  get length(): number {
    return this.count;
  }

  add(value: number): void {
    const old = this.ring[this.at] as number;
    this.ring[this.at] = value;
    this.at = (this.at + 1) % this.capacity;
    if (this.count === this.capacity) {
      if (old === value) return;
      this.cut(this.placeOf(old));
    }
    const to = this.placeOf(value);
    this.sorted.copyWithin(to + 1, to, this.count);
    this.sorted[to] = value;
    this.count += 1;
  }

  /** @param q 0 to 1; 0.5 = median, the upper one of two. 0 when there is no sample */
  quantile(q: number): number {
    return this.sorted[Math.min(this.count - 1, Math.floor(q * this.count))] ?? 0;
  }

  clear(): void {
    this.count = 0;
    this.at = 0;
  }

  private cut(from: number): void {
    this.sorted.copyWithin(from, from + 1, this.count);
    this.count -= 1;
  }

  /** First place whose value is not less. */
  private placeOf(value: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
