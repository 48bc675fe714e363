import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlidingMinimum } from './sliding-minimum.js';

describe('SlidingMinimum', () => {
  it('is the least value of the last span', () => {
    const steps = fc.array(fc.record({ value: fc.nat(50), gapMs: fc.nat(30) }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(steps, (all) => {
        const minimum = new SlidingMinimum(100);
        const seen: { value: number; atMs: number }[] = [];
        let nowMs = 0;
        for (const { value, gapMs } of all) {
          nowMs += gapMs;
          minimum.add(value, nowMs);
          seen.push({ value, atMs: nowMs });
          const recent = seen.filter(({ atMs }) => atMs >= nowMs - 100).map((s) => s.value);
          expect(minimum.at(nowMs)).toBe(Math.min(...recent));
        }
        expect(minimum.at(nowMs + 101)).toBe(Infinity);
      }),
    );
  });
});
