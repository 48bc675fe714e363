import { describe, expect, it } from 'vitest';
import { RunWindow } from './run-window.js';

describe('RunWindow', () => {
  it('fits the line of exact runs', () => {
    const window = new RunWindow(16);
    for (let rows = 1; rows <= 8; rows += 1) window.add(rows, 2 * rows + 3, 10);
    expect(window.line()?.a).toBeCloseTo(2, 9);
    expect(window.line()?.c).toBeCloseTo(3, 9);
  });

  it('forgets all but the latest runs and the anchors', () => {
    const window = new RunWindow(8);
    for (const rows of [1, 4, 8]) window.add(rows, 100 * rows, 10);
    for (let i = 0; i < 50; i += 1) window.add(4, 8, 10);
    // 1 and 8 rows at their old price, eight runs of 4 rows at the new one.
    expect(window.mean()?.rows).toBeCloseTo((1 + 8 + 8 * 4) / 10, 9);
    expect(window.mean()?.ms).toBeCloseTo((100 + 800 + 8 * 8) / 10, 9);
  });

  it('tells no slope from one size', () => {
    const window = new RunWindow(8);
    for (let i = 0; i < 5; i += 1) window.add(4, 8, 10);
    expect(window.line()).toBeNull();
  });

  it('keeps sums exact over many rounds of the ring', () => {
    const window = new RunWindow(8);
    for (let i = 0; i < 100_000; i += 1) window.add(1 + (i % 8), 1 + (i % 8), 1 + (i % 5));
    expect(window.line()?.a).toBeCloseTo(1, 9);
    expect(window.line()?.c).toBeCloseTo(0, 6);
  });

  it('starts again from the latest runs as measured, with scaled anchors', () => {
    const window = new RunWindow(8);
    for (const rows of [1, 8]) window.add(rows, rows, 1);
    for (let i = 0; i < 8; i += 1) window.add(4, 5, 1, 12);
    window.restart(2, 3);
    expect(window.mean()?.rows).toBeLessThan(4);
    expect(window.line()?.a).toBeCloseTo(3, 0);
  });
});
