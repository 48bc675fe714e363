/**
 * A bounded resource that no single holder can take from the others: a holder may have at most as much as is free, so
 * one alone gets half, `k` greedy ones get 1/(k+1) each, and a newcomer always finds 1/(k+1) free ("dynamic threshold"
 * of shared switch buffers, Choudhury and Hahne 1998).
 */
export class FairShare {
  private readonly held = new Map<string, number>();
  private total = 0;

  /** @param limit of all holders together, in any unit */
  constructor(private readonly limit: number) {}

  /** What all holders have. */
  get taken(): number {
    return this.total;
  }

  /** Takes `amount` for `holder`, or nothing: false when that would be more than its share. */
  take(holder: string, amount = 1): boolean {
    const own = this.held.get(holder) ?? 0;
    if (own + amount > this.limit - this.total) return false;
    this.held.set(holder, own + amount);
    this.total += amount;
    return true;
  }

  /** Gives back what `take` took. */
  give(holder: string, amount = 1): void {
    const left = (this.held.get(holder) ?? 0) - amount;
    if (left > 0) this.held.set(holder, left);
    else this.held.delete(holder);
    this.total -= amount;
  }
}
