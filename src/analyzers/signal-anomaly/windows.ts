/** One stretch of samples, `end` exclusive, with its anomaly score 0..1. */
export interface ScoredWindow {
  readonly start: number;
  readonly end: number;
  readonly score: number;
}

export interface SignalDecision {
  readonly verdict: 'normal' | 'anomalous';
  /** The largest window score. */
  readonly score: number;
  readonly windows: readonly ScoredWindow[];
}

/**
 * Turns the scores of one row into windows of the real samples and a verdict: anomalous when a window reaches the threshold.
 * Scores of the padding behind `length` are ignored.
 */
export function decideSignal(
  scores: ArrayLike<number>,
  length: number,
  window: number,
  threshold: number,
): SignalDecision {
  const windows: ScoredWindow[] = [];
  let score = 0;
  for (let start = 0, k = 0; start < length; start += window, k++) {
    const value = scores[k] ?? 0;
    score = Math.max(score, value);
    windows.push({ start, end: Math.min(length, start + window), score: value });
  }
  return { verdict: score >= threshold ? 'anomalous' : 'normal', score, windows };
}
