import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SampleWindow } from './sample-window.js';

describe('SampleWindow', () => {
  it('knows the quantiles of the latest samples', () => {
    const samples = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 12 }), fc.constantFrom(0, 0.5, 0.9, 1), (values, capacity, q) => {
        const window = new SampleWindow(capacity);
        for (const value of values) window.add(value);
        const latest = values.slice(-capacity).sort((a, b) => a - b);
        expect(window.length).toBe(latest.length);
        expect(window.quantile(q)).toBe(latest[Math.min(latest.length - 1, Math.floor(q * latest.length))]);
      }),
    );
  });

  it('is 0 without samples, also after it was cleared', () => {
    const window = new SampleWindow(4);
    expect(window.quantile(0.5)).toBe(0);
    for (const value of [5, 6, 7]) window.add(value);
    window.clear();
    expect(window.length).toBe(0);
    window.add(9);
    expect(window.quantile(0.5)).toBe(9);
  });
});
