import { describe, expect, it } from 'vitest';
import { gamma, mulberry32 } from './random.js';

describe('mulberry32', () => {
  it('gives the published numbers for seed 1', () => {
    const random = mulberry32(1);
    expect([random(), random()]).toEqual([0.6270739405881613, 0.002735721180215478]);
  });
});

describe('gamma', () => {
  it.each([0.1, 0.3, 1, 4])('shape %d has its mean and its variance', (shape) => {
    const random = mulberry32(7);
    const samples = Array.from({ length: 50_000 }, () => gamma(shape, random));
    const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
    const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length;
    expect(mean / shape).toBeCloseTo(1, 1);
    expect(variance / shape).toBeCloseTo(1, 0);
    expect(Math.min(...samples)).toBeGreaterThanOrEqual(0);
  });
});
