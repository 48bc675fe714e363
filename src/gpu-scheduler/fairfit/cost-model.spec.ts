import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROFILE } from '../../../test/support/core-driver.js';
import { CostModel, profileFor } from './cost-model.js';

describe('CostModel', () => {
  it('starts with the warm-up profile', () => {
    const cost = new CostModel(PROFILE);
    expect([cost.expectedMs(1), cost.expectedMs(8), cost.upperMs(8)]).toEqual([6, 13, 13]);
  });

  it('learns another line from runs of several sizes', () => {
    const cost = new CostModel(PROFILE);
    for (let i = 0; i < 400; i += 1) {
      const rows = 1 + (i % 8);
      cost.learn(rows, 3 * rows + 2);
    }
    expect(cost.expectedMs(1)).toBeCloseTo(5, 1);
    expect(cost.expectedMs(8)).toBeCloseTo(26, 1);
  });

  it('moves only the constant when all runs have one size', () => {
    const cost = new CostModel(PROFILE);
    for (let i = 0; i < 1000; i += 1) cost.learn(4, 19);
    // The anchors of the smallest and the largest size hold on to the slope, and pull a little.
    expect(cost.expectedMs(4)).toBeCloseTo(19, 0);
    expect(cost.expectedMs(8) - cost.expectedMs(4)).toBeGreaterThan(0);
  });

  it('moves at once when eight runs in a row are off to one side', () => {
    const cost = new CostModel(PROFILE);
    for (let i = 0; i < 60; i += 1) cost.learn(1 + (i % 8), 6 + (i % 8));
    for (let i = 0; i < 8; i += 1) cost.learn(1 + (i % 8), 3 * (6 + (i % 8)));
    expect(cost.resets).toBe(1);
    expect(Math.abs(cost.expectedMs(8) / 39 - 1)).toBeLessThan(0.05);
    expect(Math.abs(cost.expectedMs(1) / 18 - 1)).toBeLessThan(0.05);
  });

  it('keeps the line when it must not learn, and widens the margin instead', () => {
    const cost = new CostModel(PROFILE, { costMarginSigmas: 1, costWindow: 64, learnCosts: false });
    for (let i = 0; i < 20; i += 1) cost.learn(8, 13 * 1.2);
    expect(cost.expectedMs(8)).toBe(13);
    expect(cost.upperMs(8)).toBeGreaterThan(13 * 1.2);
  });

  it('inverts U exactly: the largest size that fits, never one that does not', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        fc.double({ min: 0, max: 50, noNaN: true }),
        (a, c) => {
          const cost = new CostModel({ shapeBucket: '', a, c, samples: [] });
          for (let rows = 1; rows < 40; rows += 7) {
            const fitting = cost.rowsWithin(cost.upperMs(rows) + a / 2);
            expect(fitting).toBe(rows);
            expect(cost.upperMs(cost.rowsWithin(a * rows))).toBeLessThanOrEqual(Math.max(a * rows, cost.upperMs(0)));
          }
        },
      ),
    );
  });

  it('counts what a run costs beyond the runtime in finishes, not in charges', () => {
    const cost = new CostModel(PROFILE);
    for (let i = 0; i < 100; i += 1) cost.learn(8, 13, 15);
    expect(cost.expectedMs(8)).toBeCloseTo(13, 6);
    expect(cost.upperMs(8)).toBeCloseTo(15, 1);
  });

  it('is not thrown by one outlier', () => {
    const cost = new CostModel(PROFILE);
    cost.learn(8, 10_000);
    expect(cost.expectedMs(8)).toBeLessThan(15);
  });

  it('widens the margin when runs scatter', () => {
    const cost = new CostModel(PROFILE);
    for (let i = 0; i < 200; i += 1) cost.learn(8, i % 2 ? 10 : 16);
    expect(cost.upperMs(8) / cost.expectedMs(8)).toBeGreaterThan(1.15);
  });

  it('limits a run to max(4 U, U + 1 s), between 2 and 30 s', () => {
    const limitOf = (ms: number) => new CostModel({ shapeBucket: '', a: ms, c: 0, samples: [] }).runLimitMs(1);
    expect([limitOf(1), limitOf(1_200), limitOf(2_000), limitOf(20_000)]).toEqual([2_000, 4_800, 8_000, 30_000]);
  });

  it('takes the profile of its bucket, else the dearest, else a guess', () => {
    const dear = { ...PROFILE, shapeBucket: '1024', a: 2, samples: [] };
    expect(profileFor('default', [PROFILE, dear])).toBe(PROFILE);
    expect(profileFor('other', [PROFILE, dear])).toBe(dear);
    expect(new CostModel(profileFor('other', [])).expectedMs(8)).toBe(18);
  });

  it('stays finite, positive and monotone under any samples', () => {
    const run = fc.tuple(
      fc.integer({ min: 1, max: 128 }),
      fc.oneof(fc.double(), fc.constantFrom(0, 1e9, -1, Infinity)),
    );
    fc.assert(
      fc.property(fc.array(run, { maxLength: 200 }), (runs) => {
        const cost = new CostModel(PROFILE);
        for (const [rows, ms] of runs) cost.learn(rows, ms);
        for (let rows = 1; rows < 128; rows += 1) {
          expect(cost.expectedMs(rows)).toBeGreaterThan(0);
          expect(Number.isFinite(cost.upperMs(rows))).toBe(true);
          expect(cost.expectedMs(rows + 1)).toBeGreaterThan(cost.expectedMs(rows));
        }
      }),
    );
  });
});
