import { BLANK, DIGIT_CLASSES } from '../../src/analyzers/digit-reader/runs.ts';
import { drawLine } from './data.mjs';
import { fastRow } from './fast-row.mjs';

export const training = { steps: 2600, batchSize: 16, rate: 0.004 };

const ROW = 32 * 192;
const COLUMNS = 48;
const STEP = 4;

/** The columns over the middle half of each digit carry it, all others are blank: equal neighbours stay apart. */
export function labelColumns(places, scale) {
  const labels = new Uint8Array(COLUMNS).fill(BLANK);
  for (const { digit, x, width } of places) {
    const center = x * scale;
    const reach = Math.max(STEP / 2, width * scale * 0.25);
    for (let column = 0; column < COLUMNS; column++) {
      if (Math.abs((column + 0.5) * STEP - center) <= reach) labels[column] = digit;
    }
  }
  return labels;
}

/** One training batch; some lines are drawn smaller, as very wide pictures come out. */
export function drawBatch(random, size) {
  const x = new Float32Array(size * ROW);
  const y = new Float32Array(size * COLUMNS * DIGIT_CLASSES);
  const weights = new Float32Array(size * COLUMNS).fill(1);
  for (let n = 0; n < size; n++) {
    const scale = random.chance(0.2) ? random.between(0.7, 1) : 1;
    const count = random.chance(0.8) ? random.int(4, 8) : random.int(1, 10);
    const line = drawLine(random, { scale, count });
    fastRow(line).forEach((value, i) => (x[n * ROW + i] = value / 255));
    labelColumns(line.places, scale).forEach((label, column) => {
      y[(n * COLUMNS + column) * DIGIT_CLASSES + label] = 1;
    });
  }
  const dims = { x: [size, 32, 192, 1], y: [size, 1, COLUMNS, DIGIT_CLASSES], weights: [size, 1, COLUMNS, 1] };
  return { x, y, weights, dims };
}
