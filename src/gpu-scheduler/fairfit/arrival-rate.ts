/** Arrivals per ms with exponential forgetting: O(1), no history. */
export class ArrivalRate {
  private perMs = 0;
  private sinceMs = 0;

  /** @param memoryMs time after which an arrival counts 1/e */
  constructor(private readonly memoryMs: number) {}

  add(units: number, nowMs: number): void {
    this.perMs = this.at(nowMs) + units / this.memoryMs;
    this.sinceMs = nowMs;
  }

  /** Units per ms. */
  at(nowMs: number): number {
    return this.perMs * Math.exp((this.sinceMs - nowMs) / this.memoryMs);
  }
}
