import { describe, expect, it } from 'vitest';
import { arrivalsOf } from './arrivals.js';

const stream = { lane: 0, tenant: 0, rps: 500, sloMs: 100 };

describe('arrivals', () => {
  it('come at the rate, in order, due after the SLO', () => {
    const items = arrivalsOf([stream, { ...stream, lane: 1 }], 3, 20_000);
    expect(items.length / 20).toBeGreaterThan(970);
    expect(items.length / 20).toBeLessThan(1030);
    expect(items.every((item, i) => i === 0 || item.arrivedAt >= (items[i - 1]?.arrivedAt ?? 0))).toBe(true);
    expect(items.every((item) => item.deadline === item.arrivedAt + 100)).toBe(true);
  });

  it('of one stream do not depend on the streams after it', () => {
    const alone = arrivalsOf([stream], 3, 2000);
    const both = arrivalsOf([stream, { ...stream, lane: 1 }], 3, 2000).filter(({ lane }) => lane === 0);
    expect(both.map(({ arrivedAt }) => arrivedAt)).toEqual(alone.map(({ arrivedAt }) => arrivedAt));
  });

  it('follow a pulse', () => {
    const items = arrivalsOf([{ ...stream, pulse: (at) => (at < 5000 ? 1.8 : 0.2) }], 3, 10_000);
    const early = items.filter(({ arrivedAt }) => arrivedAt < 5000).length;
    expect(early / items.length).toBeCloseTo(0.9, 1);
  });
});
