import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitCost, median } from './cost-fit.js';

const SIZES = [1, 2, 4, 8, 16, 32];

describe('fitCost', () => {
  it('finds the line that the samples lie on', () => {
    const cost = fc.double({ min: 0.001, max: 100, noNaN: true });
    fc.assert(
      fc.property(cost, cost, (a, c) => {
        const fit = fitCost(SIZES.map((size) => ({ size, ms: a * size + c })));
        for (const size of SIZES) {
          expect((fit.a * size + fit.c) / (a * size + c)).toBeCloseTo(1, 3);
        }
      }),
    );
  });

  it('never gives a negative cost, whatever was measured', () => {
    const times = fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: SIZES.length });
    fc.assert(
      fc.property(times, (measured) => {
        const { a, c } = fitCost(measured.map((ms, i) => ({ size: SIZES[i] ?? 1, ms })));
        expect(a).toBeGreaterThan(0);
        expect(c).toBeGreaterThanOrEqual(0);
        expect(Number.isFinite(a + c)).toBe(true);
      }),
    );
  });

  it('takes a single size as all slope', () => {
    expect(fitCost([{ size: 4, ms: 8 }])).toEqual({ a: 2, c: 0 });
  });
});

describe('median', () => {
  it('takes the middle, and the lower one of two', () => {
    expect([median([3, 1, 2]), median([2, 1]), median([])]).toEqual([2, 1, 0]);
  });
});
