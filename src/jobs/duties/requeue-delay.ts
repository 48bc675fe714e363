/** Longest pause before a retry, ms. */
const MAX_DELAY_MS = 60_000;

/** Pause before attempt n+1: 250 ms doubling with each attempt, with up to half of it as jitter. */
export function requeueDelayMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(MAX_DELAY_MS, 250 * 2 ** Math.max(0, attempt - 1));
  return Math.round(base * (1 + random() / 2));
}
