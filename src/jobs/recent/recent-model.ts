import type { Range } from '../tenant-outlook.js';

/**
 * Name of the model behind estimates made of history: a job takes what the tenant's latest 100 succeeded jobs of the same
 * analyzer took, as the quantiles of their times. It knows neither the queue nor the load of the moment.
 */
export const RECENT_MODEL = 'recent-1';
/** Jobs that the model looks back on. */
export const MEMORY = 100;
/** Below so many jobs nothing is said: a ninth decile of fewer is hardly more than the worst of them. */
export const MIN_SAMPLES = 20;

/** A job that succeeded; times in epoch ms. */
export interface RecentJob {
  readonly id: string;
  readonly createdAtMs: number;
  readonly finishedAtMs: number;
}

/** How often jobs kept what the model would have said of them. Shares from 0 to 1. */
export interface Backtest {
  /** Jobs that something would have been said of. */
  readonly samples: number;
  readonly coverageP50: number;
  readonly coverageP90: number;
  /** Median of the distance between a job's time and the p50 said of it. */
  readonly medianAbsErrorMs: number;
}

/** From submit to end. */
export function tookMs(job: RecentJob): number {
  return Math.max(0, job.finishedAtMs - job.createdAtMs);
}

/** Median and ninth decile by nearest rank, ms; null below 20 times. */
export function rangeOf(timesMs: readonly number[]): Range | null {
  if (timesMs.length < MIN_SAMPLES) return null;
  const sorted = timesMs.toSorted((a, b) => a - b);
  return [quantile(sorted, 0.5), quantile(sorted, 0.9)];
}

/**
 * Asks of each job what the model would have said when it was submitted, from no more than had ended by then, and
 * compares. @param jobs oldest first @returns null when there are fewer than 20 jobs to compare
 */
export function backtest(jobs: readonly RecentJob[]): Backtest | null {
  const errorsMs: number[] = [];
  let [withinP50, withinP90] = [0, 0];
  jobs.forEach((job, index) => {
    const said = rangeOf(endedBefore(jobs, index));
    if (!said) return;
    const ms = tookMs(job);
    if (ms <= said[0]) withinP50++;
    if (ms <= said[1]) withinP90++;
    errorsMs.push(Math.abs(ms - said[0]));
  });
  const samples = errorsMs.length;
  const errors = rangeOf(errorsMs);
  if (!errors) return null;
  return {
    samples,
    coverageP50: share(withinP50 / samples),
    coverageP90: share(withinP90 / samples),
    medianAbsErrorMs: Math.round(errors[0]),
  };
}

/** Times of the latest 100 jobs that had ended when this one was submitted. */
function endedBefore(jobs: readonly RecentJob[], index: number): number[] {
  const submittedAtMs = jobs[index]!.createdAtMs;
  const times: number[] = [];
  for (let i = index - 1; i >= 0 && times.length < MEMORY; i--) {
    if (jobs[i]!.finishedAtMs <= submittedAtMs) times.push(tookMs(jobs[i]!));
  }
  return times;
}

function quantile(sorted: readonly number[], q: number): number {
  return sorted[Math.ceil(sorted.length * q) - 1]!;
}

function share(value: number): number {
  return Math.round(value * 100) / 100;
}
