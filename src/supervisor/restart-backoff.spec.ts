import { describe, expect, it } from 'vitest';
import { Clock } from '../common/clock.js';
import { RestartBackoff } from './restart-backoff.js';

class ManualClock extends Clock {
  ms = 1_000;
  now = () => this.ms;
  monotonic = () => this.ms;
}

describe('RestartBackoff', () => {
  it('restarts at once, then doubles from 100 ms to 5 s', () => {
    const backoff = new RestartBackoff(new ManualClock());
    const pauses = Array.from({ length: 9 }, () => {
      backoff.started();
      return backoff.died();
    });
    expect(pauses).toEqual([0, 100, 200, 400, 800, 1600, 3200, 5000, 5000]);
    expect(backoff.deathsInARow).toBe(9);
  });

  it('begins anew after 30 s of life, and not a millisecond before', () => {
    const clock = new ManualClock();
    const backoff = new RestartBackoff(clock);
    const liveFor = (ms: number) => {
      backoff.started();
      clock.ms += ms;
      return backoff.died();
    };
    expect([liveFor(10), liveFor(29_999), liveFor(30_000), liveFor(10)]).toEqual([0, 100, 0, 100]);
  });
});
