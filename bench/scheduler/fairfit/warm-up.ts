import type { SeedProfile } from '../../../src/gpu-scheduler/fairfit/events.js';
import { mulberry32 } from '../machine/random.js';
import type { LaneSpec } from '../machine/scenario.js';

const SIZES = [1, 2, 4, 8, 16];
const RUNS_PER_SIZE = 3;

/** What a worker would learn of a lane before it serves: three noisy runs of each warm-up size, and their line. */
export function warmUpProfile(lane: LaneSpec, slowdown: number, noise: number, seed: number): SeedProfile {
  const random = mulberry32(seed);
  const samples = SIZES.flatMap((size) =>
    Array.from({ length: RUNS_PER_SIZE }, () => {
      const exactMs = (lane.a * size + lane.c) * slowdown;
      return { size, ms: exactMs * (1 + noise * (2 * random() - 1)) };
    }),
  );
  const meanSize = mean(samples.map(({ size }) => size));
  const meanMs = mean(samples.map(({ ms }) => ms));
  const covariance = mean(samples.map(({ size, ms }) => (size - meanSize) * (ms - meanMs)));
  const a = Math.max(0.001, covariance / mean(samples.map(({ size }) => (size - meanSize) ** 2)));
  return { shapeBucket: 'any', a, c: Math.max(0, meanMs - a * meanSize), samples };
}

/** A line that somebody believes in, without any run behind it. */
export function believedProfile(lane: LaneSpec, slowdown: number, belief: number): SeedProfile {
  return { shapeBucket: 'any', a: lane.a * slowdown * belief, c: lane.c * slowdown * belief, samples: [] };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
