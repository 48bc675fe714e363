/** Rounds a number to 6 digits: finer differences are noise of batch size and device. */
export function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

/** A probability as results show it: within 0..1 and rounded. */
export function probability(value: number): number {
  return round6(Math.min(1, Math.max(0, value)));
}
