/** Output grid of the model: `classes` probabilities per cell, class 0 is "ok". */
export interface CellGrid {
  readonly width: number;
  readonly height: number;
  readonly classes: number;
}

/** A group of touching cells, in cell units. */
export interface CellBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Class index, at least 1. */
  readonly label: number;
  /** Mean probability of that class over the cells. */
  readonly score: number;
  /** Summed probability of that class over the cells. */
  readonly weight: number;
}

export interface SurfaceDecision {
  /** Class index of the picture, 0 when no box was found. */
  readonly label: number;
  readonly confidence: number;
  readonly boxes: readonly CellBox[];
  /** 1 - p(ok) per cell, row by row. */
  readonly heat: Float32Array;
}

/** A single hot cell is noise. */
const MIN_CELLS = 2;

function neighbours(cell: number, grid: CellGrid): number[] {
  const column = cell % grid.width;
  const list: number[] = [];
  if (column > 0) list.push(cell - 1);
  if (column < grid.width - 1) list.push(cell + 1);
  if (cell >= grid.width) list.push(cell - grid.width);
  if (cell < grid.width * (grid.height - 1)) list.push(cell + grid.width);
  return list;
}

/** Groups of cells at or over the threshold that touch by an edge. */
function groups(heat: Float32Array, grid: CellGrid, threshold: number): number[][] {
  const seen = new Set<number>();
  const found: number[][] = [];
  for (let first = 0; first < heat.length; first++) {
    if (seen.has(first) || (heat[first] ?? 0) < threshold) continue;
    const group = [first];
    seen.add(first);
    for (const cell of group) {
      for (const next of neighbours(cell, grid)) {
        if (seen.has(next) || (heat[next] ?? 0) < threshold) continue;
        seen.add(next);
        group.push(next);
      }
    }
    found.push(group);
  }
  return found;
}

function toBox(cells: readonly number[], probabilities: ArrayLike<number>, grid: CellGrid): CellBox {
  const sums = new Array<number>(grid.classes).fill(0);
  for (const cell of cells) {
    for (let k = 1; k < grid.classes; k++) sums[k] = (sums[k] ?? 0) + (probabilities[cell * grid.classes + k] ?? 0);
  }
  const label = sums.indexOf(Math.max(...sums.slice(1)), 1);
  const weight = sums[label] ?? 0;
  const columns = cells.map((cell) => cell % grid.width);
  const rows = cells.map((cell) => Math.floor(cell / grid.width));
  const [x, y] = [Math.min(...columns), Math.min(...rows)];
  const size = { width: Math.max(...columns) - x + 1, height: Math.max(...rows) - y + 1 };
  return { x, y, ...size, label, score: weight / cells.length, weight };
}

/** The class with the largest summed weight over the boxes. */
function strongest(boxes: readonly CellBox[], classes: number): number {
  const sums = new Array<number>(classes).fill(0);
  for (const box of boxes) sums[box.label] = (sums[box.label] ?? 0) + box.weight;
  return sums.indexOf(Math.max(...sums.slice(1)), 1);
}

/** The highest threshold at which a box would appear: the weaker cell of the hottest touching pair. */
function hottestPair(heat: Float32Array, grid: CellGrid): number {
  let best = 0;
  heat.forEach((value, cell) => {
    for (const next of neighbours(cell, grid)) best = Math.max(best, Math.min(value, heat[next] ?? 0));
  });
  return best;
}

/**
 * Reads one row of the surface model: touching cells over the threshold become boxes, the picture's class is the one
 * with the largest summed probability. Confidence is the best box of that class, or, without a box, the distance of the
 * hottest pair of cells from certainty.
 * @param probabilities [height, width, classes]
 */
export function decideSurface(probabilities: ArrayLike<number>, grid: CellGrid, threshold: number): SurfaceDecision {
  const cells = grid.width * grid.height;
  const heat = Float32Array.from({ length: cells }, (_, cell) => 1 - (probabilities[cell * grid.classes] ?? 1));
  const boxes = groups(heat, grid, threshold)
    .filter((group) => group.length >= MIN_CELLS)
    .map((group) => toBox(group, probabilities, grid))
    .sort((a, b) => b.weight - a.weight);
  if (!boxes.length) return { label: 0, confidence: 1 - hottestPair(heat, grid), boxes, heat };
  const label = strongest(boxes, grid.classes);
  const confidence = Math.max(...boxes.filter((box) => box.label === label).map((box) => box.score));
  return { label, confidence, boxes, heat };
}
