import type { JobJournal } from '../recording/job-journal.js';

/** Longest delay of a timer, about 25 days; a longer one would fire at once, and no attempt lives that long. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Stops an attempt when its job's deadline passes, whatever it is doing then. The time is counted from the claim by the
 * database's clock, so a worker whose clock is wrong stops nobody early or late.
 * @returns disarms the timer
 */
export function stopAtDeadline(journal: JobJournal): () => void {
  const { deadline, claimedAt } = journal.claim;
  const leftMs = deadline === null ? Infinity : deadline.getTime() - claimedAt.getTime();
  if (leftMs > MAX_TIMER_MS) return () => undefined;
  const timer = setTimeout(() => journal.stop('deadline'), Math.max(0, leftMs));
  return () => clearTimeout(timer);
}
