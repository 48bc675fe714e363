import { CELL_SIZE, HEIGHT, WIDTH, drawMeter } from './data.mjs';

export const training = { steps: 900, batchSize: 12, rate: 0.004 };

const COLUMNS = WIDTH / CELL_SIZE;
const ROWS = HEIGHT / CELL_SIZE;
const DIGIT_WEIGHT = 3; // about 3 % of the cells are in the middle of a digit

/** Cells in the middle half of a digit are 1, all others 0: so neighbors stay apart. */
function labelCells(places, y, weights) {
  weights.fill(1);
  for (let row = 0, at = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS; column++, at++) {
      const [cx, cy] = [(column + 0.5) * CELL_SIZE, (row + 0.5) * CELL_SIZE];
      for (const { x, y: middle, width, height } of places) {
        const [dx, dy] = [Math.abs(cx - x), Math.abs(cy - middle)];
        if (dx > Math.max(CELL_SIZE / 2, width * 0.25) || dy > height * 0.25) continue;
        y[at] = 1;
        weights[at] = DIGIT_WEIGHT;
      }
    }
  }
}

/** One training batch, drawn at the size of the row; black beside it, as the decoder's mode `contain` leaves it. */
export function drawBatch(random, size) {
  const [row, cells] = [WIDTH * HEIGHT, COLUMNS * ROWS];
  const x = new Float32Array(size * row);
  const y = new Float32Array(size * cells);
  const weights = new Float32Array(size * cells);
  for (let n = 0; n < size; n++) {
    const { bytes, width, height, places } = drawMeter(random);
    for (let line = 0; line < height; line++) {
      for (let at = 0; at < width; at++) x[n * row + line * WIDTH + at] = bytes[line * width + at] / 255;
    }
    labelCells(places, y.subarray(n * cells, (n + 1) * cells), weights.subarray(n * cells, (n + 1) * cells));
  }
  const dims = { x: [size, HEIGHT, WIDTH, 1], y: [size, ROWS, COLUMNS, 1], weights: [size, ROWS, COLUMNS, 1] };
  return { x, y, weights, dims };
}
