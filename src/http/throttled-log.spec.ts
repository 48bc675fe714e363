import { expect, it } from 'vitest';
import { Clock } from '../common/clock.js';
import { ThrottledLog } from './throttled-log.js';

class HandClock extends Clock {
  ms = 0;
  now(): number {
    return this.ms;
  }
  monotonic(): number {
    return this.ms;
  }
}

it('writes one line a second and counts the others', () => {
  const lines: string[] = [];
  const clock = new HandClock();
  const log = new ThrottledLog((line) => lines.push(line), clock);
  log.add('a');
  log.add('b');
  log.add('c');
  clock.ms = 1_000;
  log.add('d');
  clock.ms = 2_000;
  log.add('e');
  expect(lines).toEqual(['a', 'd (and 2 more since the last line)', 'e']);
});
