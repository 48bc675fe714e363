import type { SeedProfile } from './events.js';

/** Weight that a run keeps after each later run: the model remembers about 1 / (1 - 63/64) = 64 runs. */
const MEMORY = 63 / 64;
/** Smallest slope, ms per row: the cost never falls with the size. */
const MIN_SLOPE = 0.0001;
/** Below this spread of the sizes (rows squared) a slope cannot be learned: only the constant moves. */
const MIN_SPREAD = 0.25;
/** A residual is clipped at 3 sigma, but never below 30 %, so that a wrong seed can be corrected. */
const MIN_CLIP = 0.3;
/** Without a warm-up profile: 1 ms per row and 10 ms per run, corrected by the first runs. */
const UNKNOWN: SeedProfile = { shapeBucket: '', a: 1, c: 10, samples: [] };
const MIN_RUN_LIMIT_MS = 2_000;
const MAX_RUN_LIMIT_MS = 30_000;

/**
 * Run time of a batch of b rows on one device, in ms: L(b) = a*b + c, fitted by least squares with exponential
 * forgetting over running sums (O(1) per run), and U(b) = L(b) * (1 + sigma) with the usual relative residual as sigma.
 */
export class CostModel {
  private a: number;
  private c: number;
  private sigma = 0;
  private weight = 0;
  private sumB = 0;
  private sumBB = 0;
  private sumMs = 0;
  private sumBMs = 0;

  constructor(seed: SeedProfile = UNKNOWN) {
    this.a = Math.max(MIN_SLOPE, finite(seed.a));
    this.c = Math.max(0, finite(seed.c));
    const samples =
      seed.samples.length > 0 ? seed.samples : [1, 8].map((size) => ({ size, ms: this.expectedMs(size) }));
    for (const { size, ms } of samples) this.add(size, ms);
  }

  /** L(b), ms. */
  expectedMs(rows: number): number {
    return this.a * rows + this.c;
  }

  /** U(b): L(b) with the safety margin, ms. */
  upperMs(rows: number): number {
    return this.expectedMs(rows) * (1 + this.sigma);
  }

  /** Limit of a run: max(4 U, U + 1 s), at least 2 s and at most 30 s. */
  runLimitMs(rows: number): number {
    const upper = this.upperMs(rows);
    return Math.min(MAX_RUN_LIMIT_MS, Math.max(MIN_RUN_LIMIT_MS, 4 * upper, upper + 1_000));
  }

  /** Learns from a finished run. Samples that are not finite and positive are ignored. */
  learn(rows: number, ms: number): void {
    if (!Number.isFinite(ms) || ms < 0) return;
    const expected = this.expectedMs(rows);
    const clip = Math.max(3 * this.sigma, MIN_CLIP);
    const residual = Math.max(-clip, Math.min(clip, (ms - expected) / Math.max(expected, MIN_SLOPE)));
    // The mean absolute residual of a normal distribution is 0.8 sigma.
    this.sigma = MEMORY * this.sigma + (1 - MEMORY) * Math.abs(residual) * 1.25;
    for (const sum of ['weight', 'sumB', 'sumBB', 'sumMs', 'sumBMs'] as const) this[sum] *= MEMORY;
    this.add(rows, expected * (1 + residual));
    this.fit();
  }

  private add(rows: number, ms: number): void {
    this.weight += 1;
    this.sumB += rows;
    this.sumBB += rows * rows;
    this.sumMs += finite(ms);
    this.sumBMs += rows * finite(ms);
  }

  private fit(): void {
    const meanB = this.sumB / this.weight;
    const meanMs = this.sumMs / this.weight;
    const spread = this.sumBB / this.weight - meanB * meanB;
    if (spread >= MIN_SPREAD) {
      this.a = Math.max(MIN_SLOPE, (this.sumBMs / this.weight - meanB * meanMs) / spread);
    }
    this.c = Math.max(0, meanMs - this.a * meanB);
    if (this.c === 0) this.a = Math.max(MIN_SLOPE, meanMs / meanB);
  }
}

/** The model of a lane on a device: the profile of its own bucket, else the dearest one, else a cautious guess. */
export function costModelFor(shapeBucket: string, profiles: readonly SeedProfile[]): CostModel {
  const own = profiles.find((p) => p.shapeBucket === shapeBucket);
  const dearest = profiles.reduce<SeedProfile | undefined>((best, p) => (best && best.a >= p.a ? best : p), undefined);
  return new CostModel(own ?? dearest);
}

function finite(value: number): number {
  return Number.isFinite(value) ? Math.max(0, value) : 0;
}
