import type { Transition } from '../transition.js';

/**
 * When the first inference batch of the last attempt began, epoch ms; null when none did. It is what `estimatedStartAt`
 * speaks of.
 */
export function firstStartMs(transitions: readonly Transition[]): number | null {
  const attempt = transitions.at(-1)?.attempt;
  const start = transitions.find((t) => t.type === 'stage.completed' && t.stage === 'batch' && t.attempt === attempt);
  return start ? Date.parse(start.at) : null;
}
