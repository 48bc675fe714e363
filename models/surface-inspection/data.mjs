import { addGrain, canvas, eachPixel, fill, toBytes } from '../training/canvas.mjs';
import { coverage } from '../training/shapes.mjs';
import { DEFECTS } from './defects.mjs';
import { cleanSurface } from './texture.mjs';

export const SIZE = 128;
export const GRID = 16;
export const CLASSES = ['ok', 'scratch', 'pit', 'stain', 'crack'];
const CELL = SIZE / GRID;

/** Hits of one defect per cell (pixels out of 64), measured on the row's own grid whatever the source size is. */
function stamp(parts, grow) {
  const hits = new Uint8Array(GRID * GRID);
  const grid = canvas(SIZE, SIZE, SIZE, SIZE);
  const seen = new Uint8Array(SIZE * SIZE);
  for (const { shape } of parts.filter((part) => part.truth)) {
    eachPixel(grid, shape.bounds, (at, x, y) => {
      if (seen[at] || shape.distance(x, y) > grow) return;
      seen[at] = 1;
      hits[Math.floor(y / CELL) * GRID + Math.floor(x / CELL)]++;
    });
  }
  return hits;
}

/** The cells around and including `cells`. */
function surroundings(cells) {
  const around = new Set();
  for (const cell of cells) {
    const [row, column] = [Math.floor(cell / GRID), cell % GRID];
    for (let r = Math.max(0, row - 1); r <= Math.min(GRID - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(GRID - 1, column + 1); c++) around.add(r * GRID + c);
    }
  }
  return around;
}

function isConnected(cells) {
  const left = new Set(cells);
  const queue = [cells[0]];
  left.delete(cells[0]);
  while (queue.length) {
    const cell = queue.pop();
    const column = cell % GRID;
    const next = [
      cell - GRID,
      cell + GRID,
      ...(column > 0 ? [cell - 1] : []),
      ...(column < GRID - 1 ? [cell + 1] : []),
    ];
    for (const n of next) if (left.delete(n)) queue.push(n);
  }
  return left.size === 0;
}

/** The smallest box of whole cells around a defect, in row pixels. */
function boxOf(cells, label) {
  const rows = cells.map((cell) => Math.floor(cell / GRID));
  const columns = cells.map((cell) => cell % GRID);
  const [x, y] = [Math.min(...columns) * CELL, Math.min(...rows) * CELL];
  return { label, x, y, width: (Math.max(...columns) + 1) * CELL - x, height: (Math.max(...rows) + 1) * CELL - y };
}

function place(random, kind, strength, taken) {
  for (let attempt = 0; attempt < 12; attempt++) {
    const parts = DEFECTS[kind].draw(random, strength);
    const hits = stamp(parts, DEFECTS[kind].grow);
    const cells = [...hits.keys()].filter((cell) => hits[cell] >= DEFECTS[kind].hit);
    if (cells.length < 2 || !isConnected(cells) || cells.some((cell) => taken.has(cell))) continue;
    const touched = [...hits.keys()].filter((cell) => hits[cell] > 0);
    for (const cell of surroundings(touched)) taken.add(cell);
    return { kind, parts, cells, touched };
  }
  return undefined;
}

function chooseKinds(random) {
  if (random.chance(0.25)) return [];
  const kinds = CLASSES.slice(1);
  const main = random.pick(kinds);
  const list = Array.from({ length: random.int(1, DEFECTS[main].most) }, () => main);
  return random.chance(0.12) ? [...list, random.pick(kinds)] : list;
}

function paint(target, part) {
  const soft = Math.max(part.soft, target.stepX, target.stepY);
  eachPixel(target, part.shape.bounds, (at, x, y) => {
    target.data[at] += part.tone * coverage(part.shape.distance(x, y), soft);
  });
}

/** What the picture shows: cell classes, cell weights (0 where a cell is only grazed), boxes and the class with most cells. */
function truthOf(defects) {
  const classes = new Uint8Array(GRID * GRID);
  const weights = new Float32Array(GRID * GRID).fill(1);
  const sums = new Map();
  for (const { kind, cells, touched } of defects) {
    for (const cell of touched) weights[cell] = 0;
    for (const cell of cells) {
      weights[cell] = 1;
      classes[cell] = CLASSES.indexOf(kind);
    }
    sums.set(kind, (sums.get(kind) ?? 0) + cells.length);
  }
  const [label] = [...sums].reduce((best, entry) => (entry[1] > best[1] ? entry : best), ['ok', 0]);
  return { classes, weights, label, boxes: defects.map(({ kind, cells }) => boxOf(cells, kind)) };
}

/**
 * Draws one grey surface picture and its truth.
 * @param {{width?: number, height?: number, harder?: boolean, kinds?: string[]}} options source size in pixels
 */
export function drawSurface(random, { width = SIZE, height = SIZE, harder = false, kinds = chooseKinds(random) } = {}) {
  const picture = canvas(width, height, SIZE, SIZE);
  fill(picture, cleanSurface(random, harder));
  const strength = harder ? 0.75 : 1;
  const taken = new Set();
  const defects = kinds.map((kind) => place(random, kind, strength, taken)).filter(Boolean);
  for (const defect of defects) for (const part of defect.parts) paint(picture, part);
  const detail = Math.sqrt((width * height) / SIZE ** 2); // shrinking to the row averages noise away
  addGrain(picture, random, random.between(0.8, harder ? 7 : 4.5) * Math.min(detail, 3));
  return { bytes: toBytes(picture), width, height, ...truthOf(defects) };
}
