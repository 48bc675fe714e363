import { describe, expect, it } from 'vitest';
import { TenantCost } from './tenant-cost.js';

/** Batches with a changing share of a tenant whose rows cost `factor` times as much as the others'. */
function learned(factor: number, noise: (i: number) => number): number {
  const cost = new TenantCost();
  for (let i = 0; i < 2_000; i += 1) {
    const share = 0.1 + 0.05 * (i % 8);
    cost.learn(share, 1 + share * (factor - 1) + noise(i));
  }
  return cost.factor;
}

describe('TenantCost', () => {
  it('finds what rows cost beside the others', () => {
    expect(learned(2, () => 0)).toBeCloseTo(2, 1);
    expect(learned(0.5, () => 0)).toBeCloseTo(0.5, 1);
    expect(learned(1, () => 0)).toBeCloseTo(1, 3);
  });

  it('does not take noise for a price', () => {
    expect(Math.abs(learned(1, (i) => (((i * 7_919) % 13) - 6) / 60) - 1)).toBeLessThan(0.1);
  });

  it('stays 1 while batches tell nothing, and within bounds whatever they tell', () => {
    const cost = new TenantCost();
    for (let i = 0; i < 100; i += 1) cost.learn(0.5, 3);
    expect(cost.factor).toBe(1);
    for (let i = 0; i < 5_000; i += 1) cost.learn((i % 10) / 10, (i % 10) * 0.8);
    expect(cost.factor).toBeLessThanOrEqual(4);
    cost.learn(0.5, Number.NaN);
    expect(Number.isFinite(cost.factor)).toBe(true);
  });
});
