import { describe, expect, it } from 'vitest';
import { decideSurface } from './boxes.js';

const GRID = { width: 4, height: 3, classes: 3 };

/** A grid of clean cells with some cells given as [x, y, p(1), p(2)]. */
function grid(...cells: [x: number, y: number, first: number, second: number][]): Float32Array {
  const data = new Float32Array(GRID.width * GRID.height * GRID.classes);
  for (let cell = 0; cell < GRID.width * GRID.height; cell++) data[cell * 3] = 1;
  for (const [x, y, first, second] of cells) data.set([1 - first - second, first, second], (y * GRID.width + x) * 3);
  return data;
}

describe('decideSurface', () => {
  it('finds nothing on a clean surface', () => {
    expect(decideSurface(grid(), GRID, 0.5)).toMatchObject({ label: 0, confidence: 1, boxes: [] });
  });

  it('ignores a single hot cell and cells that touch by a corner only', () => {
    const decision = decideSurface(grid([0, 0, 0.9, 0], [1, 1, 0.9, 0]), GRID, 0.5);
    expect(decision.boxes).toEqual([]);
    expect(decision.label).toBe(0);
  });

  it('does not join the end of a row with the start of the next one', () => {
    expect(decideSurface(grid([3, 0, 0.9, 0], [0, 1, 0.9, 0]), GRID, 0.5).boxes).toEqual([]);
  });

  it('joins touching cells into one box of the class with the largest sum', () => {
    const decision = decideSurface(grid([1, 0, 0.7, 0.2], [1, 1, 0.3, 0.6], [2, 1, 0.1, 0.8]), GRID, 0.5);
    expect(decision.boxes).toHaveLength(1);
    expect(decision.boxes[0]).toMatchObject({ x: 1, y: 0, width: 2, height: 2, label: 2 });
    expect(decision.boxes[0]?.score).toBeCloseTo(1.6 / 3, 5);
  });

  it('names the class with the largest sum over all boxes, not the surest box', () => {
    const decision = decideSurface(
      grid([0, 0, 0.99, 0], [0, 1, 0.99, 0], [2, 0, 0, 0.8], [3, 0, 0, 0.8], [3, 1, 0, 0.8], [3, 2, 0, 0.8]),
      GRID,
      0.5,
    );
    expect(decision.label).toBe(2);
    expect(decision.confidence).toBeCloseTo(0.8, 5);
    expect(decision.boxes.map((box) => box.label)).toEqual([2, 1]);
  });

  it('lowers the confidence of a clean verdict by the hottest touching pair', () => {
    const decision = decideSurface(grid([0, 0, 0.4, 0], [1, 0, 0.3, 0], [3, 2, 0.49, 0]), GRID, 0.5);
    expect(decision.confidence).toBeCloseTo(0.7, 5);
  });

  it('reports the heat of every cell', () => {
    expect(decideSurface(grid([2, 1, 0.25, 0.25]), GRID, 0.9).heat[1 * 4 + 2]).toBeCloseTo(0.5, 5);
  });
});
