import { describe, expect, it } from 'vitest';
import { downsample } from './downsample.js';

describe('downsample', () => {
  it('keeps a short series as it is', () => {
    expect(downsample([5, 6], 4)).toEqual([[0, 5], [1, 6]]); // prettier-ignore
  });

  it('keeps the one high and the one low sample of a long series', () => {
    const values = new Array<number>(4096).fill(0);
    values[1234] = 9;
    values[3000] = -9;
    const points = downsample(values, 1024);
    expect(points.length).toBeLessThanOrEqual(1024);
    expect(points).toContainEqual([1234, 9]);
    expect(points).toContainEqual([3000, -9]);
  });

  it('goes forward only', () => {
    const values = Array.from({ length: 3333 }, (_, i) => Math.sin(i * 7));
    const indices = downsample(values, 100).map(([index]) => index);
    expect(indices).toEqual(indices.toSorted((a, b) => a - b));
    expect(new Set(indices).size).toBe(indices.length);
    expect(indices.length).toBeLessThanOrEqual(100);
  });
});
