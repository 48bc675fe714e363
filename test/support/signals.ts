import { setTimeout as delay } from 'node:timers/promises';

/** How long and how often `until` looks. */
export interface UntilOptions {
  /** Default 15 s: far above what any signal takes on a busy machine. */
  readonly timeoutMs?: number;
  readonly intervalMs?: number;
  /** Names the signal in the error. */
  readonly what?: string;
}

/**
 * Waits for a signal: looks until `check` gives something truthy and returns that. A check that throws counts as
 * "not yet"; its error is the cause when the time is over.
 */
export async function until<T>(
  check: () => T | Promise<T>,
  options: UntilOptions = {},
): Promise<Exclude<T, false | null | undefined>> {
  const { timeoutMs = 15_000, intervalMs = 20, what = check.toString() } = options;
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  do {
    try {
      const value = await check();
      if (value) return value as Exclude<T, false | null | undefined>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(intervalMs);
  } while (performance.now() < end);
  throw new Error(`Waited ${timeoutMs} ms in vain for: ${what}`, { cause });
}
