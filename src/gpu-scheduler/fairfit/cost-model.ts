import type { SeedProfile } from './events.js';
import type { FairFitOptions } from './options.js';
import { DEFAULT_OPTIONS } from './options.js';
import { RunWindow } from './run-window.js';
import { SampleWindow } from './sample-window.js';

/** Smallest slope, ms per row: the cost always grows with the size. */
const MIN_SLOPE = 0.001;
/** A residual is clipped at 3 sigma, but never below 30 %, so that a wrong seed can be corrected. */
const MIN_CLIP = 0.3;
/** A single residual counts at most 10-fold in the margin. */
const MAX_RESIDUAL = 9;
/** Drift: this many residuals in a row on one side with a median beyond 25 %. */
const DRIFT_RUNS = 8;
const DRIFT_MEDIAN = 0.25;
/** 1.4826 * MAD is the standard deviation of a normal distribution. */
const MAD_TO_SIGMA = 1.4826;
/** Forgetting of the time a run spends outside the runtime. */
const OVERHEAD_ALPHA = 0.1;
/** Without a warm-up profile: 1 ms per row and 10 ms per run, corrected by the first runs. */
const UNKNOWN: SeedProfile = { shapeBucket: '', a: 1, c: 10, samples: [] };
/** Rows; a quotient that is whole but for rounding is whole. */
const ROUNDING = 1e-6;
const MIN_RUN_LIMIT_MS = 2_000;
const MAX_RUN_LIMIT_MS = 30_000;

type CostOptions = Pick<FairFitOptions, 'costMarginSigmas' | 'costWindow' | 'learnCosts'>;

/**
 * Run time of a batch of b rows on one device class, in ms: L(b) = a*b + c by least squares over the latest runs, and
 * U(b) = L(b) * (1 + z*sigma) + what a run costs outside the runtime. Sigma is 1.4826 times the median absolute relative
 * residual about zero, so that a bias counts as uncertainty.
 */
export class CostModel {
  a = 0;
  c = 0;
  sigma = 0;
  /** Finished runs that were learned. */
  runs = 0;
  /** Times that the line was moved at once because runs had drifted away from it. */
  resets = 0;
  /** Time that a run occupies the device beyond what the runtime measured, ms. */
  overheadMs = 0;
  private readonly window: RunWindow;
  private readonly residuals: SampleWindow;
  private latest: number[] = [];

  constructor(
    seed: SeedProfile = UNKNOWN,
    private readonly options: CostOptions = DEFAULT_OPTIONS,
  ) {
    this.window = new RunWindow(options.costWindow);
    this.residuals = new SampleWindow(options.costWindow);
    this.reseed(seed);
  }

  /** Starts again from a profile, unless runs have told more by now. */
  reseed(seed: SeedProfile): void {
    if (this.runs > 0) return;
    this.a = Math.max(MIN_SLOPE, finite(seed.a));
    this.c = finite(seed.c);
    this.window.clear();
    const usable = seed.samples.filter(({ size, ms }) => size >= 1 && Number.isFinite(ms) && ms > 0);
    const samples = usable.length > 0 ? usable : [1, 8].map((size) => ({ size, ms: this.expectedMs(size) }));
    for (const { size, ms } of samples) this.window.add(size, ms, this.expectedMs(size));
  }

  /** What an earlier process had learned. */
  restore(line: { readonly a: number; readonly c: number; readonly sigma: number }): void {
    this.reseed({ shapeBucket: '', a: line.a, c: line.c, samples: [] });
    this.sigma = Math.min(MAX_RESIDUAL, finite(line.sigma));
  }

  /** L(b), ms. */
  expectedMs(rows: number): number {
    return this.a * rows + this.c;
  }

  /** U(b): L(b) with the safety margin and the time outside the runtime, ms. */
  upperMs(rows: number): number {
    return this.expectedMs(rows) * this.margin + this.overheadMs;
  }

  /** The largest whole b with U(b) <= ms; 0 when there is none. */
  rowsWithin(ms: number): number {
    let rows = Math.floor(((ms - this.overheadMs) / this.margin - this.c) / this.a);
    if (!(rows >= 1)) return 0;
    if (this.upperMs(rows) > ms) rows -= 1;
    return rows;
  }

  /** The smallest b whose fixed part is at most this share of its variable part: more rows save little. */
  kneeRows(epsilon: number): number {
    return Math.max(1, Math.ceil((this.c + this.overheadMs) / (epsilon * this.a) - ROUNDING));
  }

  /** Limit of a run: max(4 U, U + 1 s), at least 2 s and at most 30 s. */
  runLimitMs(rows: number): number {
    const upper = this.upperMs(rows);
    return Math.min(MAX_RUN_LIMIT_MS, Math.max(MIN_RUN_LIMIT_MS, 4 * upper, upper + 1_000));
  }

  /**
   * Learns from a finished run. Samples that are not finite and positive are ignored.
   * @param occupiedMs from dispatch to answer; absent = ms
   */
  learn(rows: number, ms: number, occupiedMs = ms): void {
    if (!Number.isFinite(ms) || ms < 0) return;
    const beyondMs = Math.min(finite(occupiedMs - ms), this.expectedMs(rows));
    this.overheadMs += OVERHEAD_ALPHA * (beyondMs - this.overheadMs);
    const expected = this.expectedMs(rows);
    const residual = Math.min(MAX_RESIDUAL, (ms - expected) / expected);
    const clip = Math.max(3 * this.sigma, MIN_CLIP);
    this.residuals.add(Math.abs(residual));
    this.sigma = MAD_TO_SIGMA * this.residuals.quantile(0.5);
    this.runs += 1;
    if (!this.options.learnCosts) return;
    this.window.add(rows, expected * (1 + Math.max(-clip, Math.min(clip, residual))), expected, ms);
    this.fit();
    this.followDrift(residual);
  }

  private get margin(): number {
    return 1 + this.options.costMarginSigmas * this.sigma;
  }

  private fit(): void {
    const mean = this.window.mean();
    if (!mean) return;
    const line = this.window.line();
    if (line) this.a = Math.max(MIN_SLOPE, line.a);
    this.c = Math.max(0, mean.ms - this.a * mean.rows);
    if (this.c === 0) this.a = Math.max(MIN_SLOPE, mean.ms / mean.rows);
  }

  /** Eight runs on one side of the line by more than a quarter: the device changed, the line moves at once. */
  private followDrift(residual: number): void {
    this.latest.push(residual);
    if (this.latest.length > DRIFT_RUNS) this.latest.shift();
    if (this.latest.length < DRIFT_RUNS) return;
    const isOneSided = this.latest.every((x) => x > 0) || this.latest.every((x) => x < 0);
    if (!isOneSided) return;
    const sorted = this.latest.toSorted((x, y) => x - y);
    const median = sorted[DRIFT_RUNS / 2] as number;
    if (Math.abs(median) <= DRIFT_MEDIAN) return;
    this.resets += 1;
    this.latest = [];
    this.a = Math.max(MIN_SLOPE, this.a * (1 + median));
    this.c *= 1 + median;
    this.window.restart(DRIFT_RUNS, 1 + median);
    this.residuals.clear();
    for (let i = 0; i < DRIFT_RUNS; i += 1) this.residuals.add(Math.abs((sorted[i] as number) - median));
    this.sigma = MAD_TO_SIGMA * this.residuals.quantile(0.5);
  }
}

/** The profile of its own bucket, else the dearest one; undefined when there is none. */
export function profileFor(shapeBucket: string, profiles: readonly SeedProfile[]): SeedProfile | undefined {
  const own = profiles.find((p) => p.shapeBucket === shapeBucket);
  return own ?? profiles.reduce<SeedProfile | undefined>((best, p) => (best && best.a >= p.a ? best : p), undefined);
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
