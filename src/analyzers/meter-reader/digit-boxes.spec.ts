import { describe, expect, it } from 'vitest';
import { cropsOf, findDigits, GRID } from './digit-boxes.js';

type Core = readonly [column: number, row: number, columns: number, rows: number, probability?: number];

/** A grid on which these cells are in the middle of a digit. */
function grid(...cores: readonly Core[]): Float32Array {
  const cells = new Float32Array(GRID.width * GRID.height);
  for (const [column, top, columns, rows, value = 1] of cores) {
    for (let row = top; row < top + rows; row++) {
      const start = row * GRID.width + column;
      cells.fill(value, start, start + columns);
    }
  }
  return cells;
}

const middlesOf = (...cores: readonly Core[]) => findDigits(grid(...cores), 0.5).map(({ x, width }) => x + width / 2);

describe('findDigits', () => {
  it('makes digits of one height of the cells in their middles, from left to right', () => {
    const found = findDigits(grid([20, 10, 1, 4, 0.9], [10, 10, 2, 4]), 0.5);
    // Four cells of 4 pixels are marked: 7.3 + 1.36 x 16 pixels high, half as wide.
    const size = { width: expect.closeTo(14.53, 2) as number, height: expect.closeTo(29.06, 2) as number };
    const y = expect.closeTo(48 - 14.53, 2) as number;
    expect(found).toEqual([
      { ...size, y, x: expect.closeTo(44 - 7.265, 2) as number, score: 1 },
      { ...size, y, x: expect.closeTo(82 - 7.265, 2) as number, score: expect.closeTo(0.9, 5) as number },
    ]);
  });

  it('keeps neighbors apart, but not the halves of one digit, and joins no edges of the grid', () => {
    expect(middlesOf([10, 10, 1, 4], [12, 10, 1, 4])).toEqual([42, 50]);
    expect(middlesOf([10, 9, 1, 2], [10, 12, 1, 2], [20, 10, 1, 3])).toEqual([42, 82]);
    expect(middlesOf([GRID.width - 1, 10, 1, 4], [0, 11, 1, 4])).toEqual([2, 190]);
  });

  it('drops what is unsure, off the line, of another height, or alone', () => {
    const number: Core[] = [
      [8, 10, 1, 4],
      [13, 10, 1, 4],
      [18, 10, 1, 4],
    ];
    expect(middlesOf(...number, [24, 10, 1, 4, 0.4])).toEqual([34, 54, 74]);
    expect(middlesOf(...number, [24, 10, 1, 4, 0.75])).toEqual([34, 54, 74]);
    expect(middlesOf(...number, [30, 24, 1, 4])).toEqual([34, 54, 74]);
    expect(middlesOf(...number, [30, 6, 1, 12])).toEqual([34, 54, 74]);
    expect(middlesOf([8, 10, 1, 4])).toEqual([]);
    expect(middlesOf()).toEqual([]);
  });
});

describe('cropsOf', () => {
  const digit = (middle: number) => ({ x: middle - 5, y: 40, width: 10, height: 20, score: 1 });

  it('leaves a margin, but ends half way to a neighbor', () => {
    expect(cropsOf([digit(50), digit(62)])).toEqual([
      { x: 44, y: 35, width: 12, height: 30 },
      { x: 56, y: 35, width: 12, height: 30 },
    ]);
    expect(cropsOf([digit(50)])).toEqual([{ x: 39, y: 35, width: 22, height: 30 }]);
    expect(cropsOf([])).toEqual([]);
  });
});
