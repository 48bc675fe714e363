import { describe, expect, it } from 'vitest';
import { XminHistory } from './xmin-history.js';

describe('XminHistory', () => {
  it('counts from the first sample beyond the xmin', () => {
    const history = new XminHistory();
    history.note(0, 100);
    history.note(10_000, 105);
    history.note(20_000, 140);
    expect(history.ageMs(105, 25_000)).toBe(5_000);
    expect(history.ageMs(104, 25_000)).toBe(15_000);
    expect(history.ageMs(3, 25_000)).toBe(25_000);
  });

  it('gives a snapshot no age while no id was given out since', () => {
    const history = new XminHistory();
    for (const at of [0, 60_000, 120_000]) history.note(at, 100);
    expect(history.ageMs(100, 500_000)).toBe(0);
    history.note(180_000, 101);
    expect(history.ageMs(100, 190_000)).toBe(10_000);
  });

  it('forgets samples of yesterday, but still knows that an older snapshot is at least as old as the rest', () => {
    const history = new XminHistory();
    const day = 24 * 3_600_000;
    history.note(0, 1);
    history.note(1_000, 2);
    history.note(day + 2_000, 3);
    history.note(day + 3_000, 4);
    expect(history.ageMs(0, day + 3_000)).toBe(day + 2_000);
  });
});
