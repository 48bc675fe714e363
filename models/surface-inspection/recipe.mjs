import { CLASSES, GRID, SIZE, drawSurface } from './data.mjs';

export const training = { steps: 2400, batchSize: 16, rate: 0.004 };
const DEFECT_WEIGHT = 3; // about 6 % of the cells hold a defect

/** One training batch: pixels scaled to 0..1, as the exported graph does it. */
export function drawBatch(random, size) {
  const cells = GRID * GRID;
  const x = new Float32Array(size * SIZE * SIZE);
  const y = new Float32Array(size * cells * CLASSES.length);
  const weights = new Float32Array(size * cells);
  for (let n = 0; n < size; n++) {
    const sample = drawSurface(random);
    sample.bytes.forEach((byte, i) => (x[n * SIZE * SIZE + i] = byte / 255));
    sample.classes.forEach((k, cell) => {
      y[(n * cells + cell) * CLASSES.length + k] = 1;
      weights[n * cells + cell] = sample.weights[cell] * (k ? DEFECT_WEIGHT : 1);
    });
  }
  const dims = { x: [size, SIZE, SIZE, 1], y: [size, GRID, GRID, CLASSES.length], weights: [size, GRID, GRID, 1] };
  return { x, y, weights, dims };
}
