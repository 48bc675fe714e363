import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../test/support/seeded-random.js';
import { backtest, rangeOf, type RecentJob } from './recent-model.js';

/** Jobs submitted a second apart that take these times, ms. */
const series = (timesMs: readonly number[], apartMs = 1_000): RecentJob[] =>
  timesMs.map((ms, i) => ({ id: String(i), createdAtMs: i * apartMs, finishedAtMs: i * apartMs + ms }));

function steady(count: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => 100 + 800 * random());
}

describe('times of recent jobs', () => {
  it('are their nearest ranks, and nothing below 20 of them', () => {
    const times = Array.from({ length: 20 }, (_, i) => 20 - i);
    expect(rangeOf(times)).toEqual([10, 18]);
    expect(rangeOf(times.slice(1))).toBeNull();
  });
});

describe('the backtest', () => {
  it('finds a steady series covered as promised', () => {
    const found = backtest(series(steady(1_000, 7)))!;
    expect(found.samples).toBe(980);
    expect(found.coverageP50).toBeGreaterThan(0.45);
    expect(found.coverageP50).toBeLessThan(0.55);
    expect(found.coverageP90).toBeGreaterThan(0.87);
    expect(found.coverageP90).toBeLessThan(0.93);
    expect(found.medianAbsErrorMs).toBeGreaterThan(150); // a quarter of the width of the series is 200
    expect(found.medianAbsErrorMs).toBeLessThan(250);
  });

  it('shows a jump as bad coverage and a large error', () => {
    const before = steady(40, 1);
    const after = steady(40, 2).map((ms) => ms * 10);
    const found = backtest(series([...before, ...after], 60_000))!;
    const calm = backtest(series([...before, ...before], 60_000))!;
    expect(found.samples).toBe(60);
    expect(found.coverageP90).toBeLessThan(0.7);
    expect(found.coverageP50).toBeLessThan(calm.coverageP50);
    expect(found.medianAbsErrorMs).toBeGreaterThan(calm.medianAbsErrorMs * 2);
  });

  it('knows no more than had ended when a job was submitted', () => {
    expect(backtest(series(steady(200, 3), 0))).toBeNull();
    // The first 20 are known to the last 20 only, who are as slow as they were.
    const first = Array.from({ length: 20 }, () => 5_000);
    const during = Array.from({ length: 20 }, () => 10);
    const jobs = [
      ...series(first, 1),
      ...series(during, 1).map((j) => ({ ...j, createdAtMs: 4_000, finishedAtMs: 30_000 })),
      ...series(first, 1).map((j) => ({ ...j, createdAtMs: 20_000, finishedAtMs: 25_000 })),
    ];
    expect(backtest(jobs)).toEqual({ samples: 20, coverageP50: 1, coverageP90: 1, medianAbsErrorMs: 0 });
  });

  it('says nothing of too few jobs', () => {
    expect(backtest([])).toBeNull();
    expect(backtest(series(steady(39, 4)))).toBeNull();
    expect(backtest(series(steady(40, 4)))?.samples).toBe(20);
  });
});
