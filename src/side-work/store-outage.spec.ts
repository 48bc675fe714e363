import { Logger } from '@nestjs/common';
import { afterEach, expect, it, vi } from 'vitest';
import { Clock } from '../common/clock.js';
import { StoreOutage } from './store-outage.js';

class HandClock extends Clock {
  atMs = 0;
  now(): number {
    return this.atMs;
  }
  monotonic(): number {
    return this.atMs;
  }
}

afterEach(() => void vi.restoreAllMocks());

it('writes one line a minute and counts what it left out', () => {
  const lines: string[] = [];
  vi.spyOn(Logger.prototype, 'warn').mockImplementation((line: unknown) => void lines.push(String(line)));
  const clock = new HandClock();
  const outage = new StoreOutage(clock);
  for (let i = 0; i < 1_000; i++) {
    outage.noticed(new Error('ECONNREFUSED'));
    clock.atMs += 60;
  }
  outage.noticed(new Error('ETIMEDOUT'));
  expect(lines).toEqual([
    'side work waits for its store: ECONNREFUSED',
    'side work waits for its store: ETIMEDOUT (999 more complaints since the last line)',
  ]);
});
