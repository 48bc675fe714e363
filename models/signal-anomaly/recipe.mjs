import { normalizeSignal, padMirrored, WINDOW } from '../../src/analyzers/signal-anomaly/normalize.ts';
import { drawSignal } from './data.mjs';

export const training = { steps: 3000, batchSize: 16384, rate: 0.004 };

/** Mostly the middle bucket; short and long series often enough that the edges look familiar. */
const TURN = [1024, 256, 1024, 1024, 256, 1024, 4096, 1024];
const SHORTEST = { 256: 64, 1024: 257, 4096: 1025 };
const ANOMALY_WEIGHT = 3;

/** One training batch of `samples` samples in rows of one bucket. */
export function drawBatch(random, samples, step) {
  const bucket = TURN[step % TURN.length];
  const rows = samples / bucket;
  const windows = bucket / WINDOW;
  const x = new Float32Array(samples);
  const y = new Float32Array(rows * windows);
  const weights = new Float32Array(rows * windows);
  for (let n = 0; n < rows; n++) {
    const length = random.chance(0.6) ? bucket : random.int(SHORTEST[bucket], bucket);
    const sample = drawSignal(random, length);
    x.set(padMirrored(normalizeSignal(sample.values), bucket), n * bucket);
    y.set(sample.labels, n * windows);
    weights.set(sample.weights.map((w, k) => w * (sample.labels[k] ? ANOMALY_WEIGHT : 1)), n * windows); // prettier-ignore
  }
  return { x, y, weights, dims: { x: [rows, 1, bucket, 1], y: [rows, 1, windows, 1], weights: [rows, 1, windows, 1] } };
}
