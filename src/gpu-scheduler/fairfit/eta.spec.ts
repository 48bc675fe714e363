import { describe, expect, it } from 'vitest';
import { Eta } from './eta.js';

describe('Eta', () => {
  it('takes the raw estimate until it has seen waits', () => {
    expect(new Eta().quantiles(40)).toEqual({ p50Ms: 40, p90Ms: 40 });
  });

  it('learns how long waits really are and how much they scatter', () => {
    const eta = new Eta();
    for (let i = 0; i < 1_000; i += 1) eta.started(100, 150 + 10 * (i % 10));
    const { p50Ms, p90Ms } = eta.quantiles(100);
    expect(p50Ms).toBeCloseTo(200, 0);
    expect(p90Ms).toBeCloseTo(240, 0);
    expect(eta.quality()).toMatchObject({ samples: 256 });
    expect(eta.quality().p90Coverage).toBeGreaterThan(0.85);
    expect(eta.quality().medianErrorMs).toBeLessThanOrEqual(30);
  });
});
