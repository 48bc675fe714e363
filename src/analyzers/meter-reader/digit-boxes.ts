// The scripts in models/ run this file too: no imports but types.

/** The detector's row, in pixels; each cell of its answer covers CELL x CELL of them. */
export const ROW = { width: 192, height: 128 } as const;
const CELL = 4;
export const GRID = { width: ROW.width / CELL, height: ROW.height / CELL } as const;

/**
 * The model marks the middle half of a digit, smaller ones less and larger ones more: the height in pixels as a line over
 * that of the marked part, fitted to 731 drawn digits of a stream that nothing else uses (2.5 pixels off, root mean square).
 */
const HEIGHT = { base: 7.3, gain: 1.36 } as const;
/** Width of the digits that digit-net knows, as part of their height. */
const WIDTH = 0.5;
/** Middles of one line are no further from each other than this part of the height. */
const LEVEL = 0.5;
/** A find much less sure than the others of its line is an edge of the window. */
const SURE = 0.8;
/** One digit alone is no number of a meter. */
const FEWEST = 2;
/** What a crop shows beside the digit, as part of its height: digit-net learnt lines that are not cut tight. */
const MARGIN = 0.25;
/** Width of the widest crop, as part of the digit's height. */
const WIDEST = 1.1;
/** Digits of one number are of one height: what is further from the usual one is something else. */
const HEIGHT_RANGE = [0.6, 1.7] as const;

/** A digit that was found, in row pixels. */
export interface DigitBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The best cell's probability. */
  readonly score: number;
}

/**
 * The digits of the one number on a picture, from left to right. Touching cells over the threshold are a digit; its middle
 * is their mean weighted by probability. Digits that are not on the line with most of them, or not of its height, are
 * dropped.
 * @param probabilities [32, 48] row by row: this cell is in the middle of a digit
 */
export function findDigits(probabilities: ArrayLike<number>, threshold: number): DigitBox[] {
  const found = groups(probabilities, threshold).map((cells) => boxOf(cells, probabilities));
  const line = mainLine(found);
  const usual = median(line.map(({ height }) => height));
  const sure = median(line.map(({ score }) => score)) * SURE;
  const digits = line.filter(
    ({ height, score }) => score >= sure && height >= usual * HEIGHT_RANGE[0] && height <= usual * HEIGHT_RANGE[1],
  );
  if (digits.length < FEWEST) return [];
  return digits.map((digit) => resized(digit, usual)).sort((a, b) => a.x - b.x);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function resized(digit: DigitBox, height: number): DigitBox {
  const { x, y } = middleOf(digit);
  const width = height * WIDTH;
  return { ...digit, x: x - width / 2, y: y - height / 2, width, height };
}

/**
 * What to read for each digit, in row pixels: the digit with a margin above and below, and to the sides as much, but no
 * further than half way to its neighbors.
 * @param digits from left to right
 */
export function cropsOf(digits: readonly DigitBox[]): Omit<DigitBox, 'score'>[] {
  return digits.map((digit, i) => {
    const middle = middleOf(digit);
    const gaps = [digits[i - 1], digits[i + 1]].map((other) =>
      other ? Math.abs(middleOf(other).x - middle.x) : Infinity,
    );
    const width = Math.min(digit.height * WIDEST, ...gaps);
    const height = digit.height * (1 + 2 * MARGIN);
    return { x: middle.x - width / 2, y: middle.y - height / 2, width, height };
  });
}

function middleOf({ x, y, width, height }: DigitBox): { x: number; y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}

/** Groups of cells that touch along an edge, or would but for one cell between them in the same column. */
function groups(probabilities: ArrayLike<number>, threshold: number): number[][] {
  const isLeft = Uint8Array.from(probabilities, (value) => (value >= threshold ? 1 : 0));
  const list: number[][] = [];
  for (let start = 0; start < isLeft.length; start++) {
    if (!isLeft[start]) continue;
    isLeft[start] = 0;
    const group = [start];
    for (const cell of group) {
      for (const next of neighborsOf(cell)) {
        if (!isLeft[next]) continue;
        isLeft[next] = 0;
        group.push(next);
      }
    }
    list.push(group);
  }
  return list;
}

function neighborsOf(cell: number): number[] {
  const column = cell % GRID.width;
  return [
    ...(column > 0 ? [cell - 1] : []),
    ...(column < GRID.width - 1 ? [cell + 1] : []),
    ...[-2, -1, 1, 2].map((rows) => cell + rows * GRID.width),
  ];
}

/** The height is as soft as the probabilities: each row of cells counts as much as its best one. */
function boxOf(cells: readonly number[], probabilities: ArrayLike<number>): DigitBox {
  const rows = new Map<number, number>();
  let [sum, sumX, sumY] = [0, 0, 0];
  for (const cell of cells) {
    const value = probabilities[cell] ?? 0;
    const [column, row] = [cell % GRID.width, Math.floor(cell / GRID.width)];
    rows.set(row, Math.max(rows.get(row) ?? 0, value));
    sum += value;
    sumX += value * (column + 0.5) * CELL;
    sumY += value * (row + 0.5) * CELL;
  }
  const marked = [...rows.values()].reduce((all, value) => all + value, 0) * CELL;
  const middle = { x: sumX / sum, y: sumY / sum, width: 0, height: 0, score: Math.max(...rows.values()) };
  return resized(middle, HEIGHT.base + HEIGHT.gain * marked);
}

/** The digits whose middles lie on one level: of all levels the one that has most, weighted by size and score. */
function mainLine(found: readonly DigitBox[]): DigitBox[] {
  let best: { readonly members: DigitBox[]; readonly weight: number } = { members: [], weight: 0 };
  for (const one of found) {
    const members = found.filter((other) => Math.abs(middleOf(other).y - middleOf(one).y) <= one.height * LEVEL);
    const weight = members.reduce((sum, { score, height }) => sum + score * height, 0);
    if (weight > best.weight) best = { members, weight };
  }
  return best.members;
}
