import type { QueueDepth } from './queue-depth.js';

const MIN_SECONDS = 1;
const MAX_SECONDS = 60;
/** Nothing was observed yet. */
const UNKNOWN_SECONDS = 5;
/** Room for more than one: else everybody comes back for the same place. */
const ROOM = 0.01;

/** When to try again: once a hundredth of the queue has left, at the rate at which jobs left it lately. Whole seconds, 1 to 60. */
export function retryAfterSeconds(depth: QueueDepth, limit: number): number {
  const seconds = depth.secondsUntilRoom(limit, Math.max(1, limit * ROOM)) ?? UNKNOWN_SECONDS;
  return Math.min(MAX_SECONDS, Math.max(MIN_SECONDS, Math.ceil(seconds)));
}
