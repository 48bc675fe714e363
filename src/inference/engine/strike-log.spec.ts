import { expect, it } from 'vitest';
import { Clock } from '../../common/clock.js';
import { StrikeLog } from './strike-log.js';

class HandClock extends Clock {
  ms = 0;
  now(): number {
    return this.ms;
  }
  monotonic(): number {
    return this.ms;
  }
}

it('suspends after three strikes within ten minutes and forgives with time', () => {
  const clock = new HandClock();
  const log = new StrikeLog(clock);
  for (const minute of [0, 4, 8]) {
    clock.ms = minute * 60_000;
    expect(log.isSuspended('a')).toBe(false);
    log.add('a');
  }
  expect([log.isSuspended('a'), log.isSuspended('b')]).toEqual([true, false]);
  clock.ms = 10 * 60_000;
  expect(log.isSuspended('a')).toBe(false);
  log.add('a');
  expect(log.isSuspended('a')).toBe(true);
});

it('forgives a strike after a hundred good runs, so that a model that works is never suspended', () => {
  const log = new StrikeLog(new HandClock());
  for (let strike = 0; strike < 10; strike++) {
    log.add('a');
    for (let run = 0; run < 50; run++) log.served('a');
    expect(log.isSuspended('a')).toBe(false);
  }
  for (let strike = 0; strike < 3; strike++) log.add('a');
  expect(log.isSuspended('a')).toBe(true);
});
