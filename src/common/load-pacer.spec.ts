import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/support/scheduler-bench.js';
import { LoadPacer } from './load-pacer.js';

describe('LoadPacer', () => {
  let clock: ManualClock;
  let pacer: LoadPacer;
  beforeEach(() => {
    clock = new ManualClock();
    pacer = new LoadPacer(clock);
  });

  /** Batches at a steady rate for some seconds. */
  function load(perSecond: number, seconds: number, everyMs: number, batchMs = 0): void {
    for (let ms = 0; ms < seconds * 1000; ms += everyMs) {
      clock.elapsedMs += everyMs;
      pacer.took((perSecond * everyMs) / 1000, batchMs);
    }
  }

  it('does not hold anything up while little goes on', () => {
    expect(pacer.pauseMs()).toBe(0);
    pacer.took(1, 15);
    expect(pacer.pauseMs()).toBeLessThan(2);
    load(10, 5, 100);
    expect(pacer.pauseMs()).toBeLessThan(2);
  });

  it('grows with the load up to 50 ms', () => {
    load(500, 5, 20);
    expect(pacer.pauseMs()).toBeGreaterThan(20);
    expect(pacer.pauseMs()).toBeLessThan(30);
    load(5_000, 5, 20);
    expect(pacer.pauseMs()).toBe(50);
  });

  it('gives a busy machine room, but does not make rare items wait', () => {
    load(100, 5, 20, 4);
    expect(pacer.pauseMs()).toBe(12);
    load(100, 5, 20, 30);
    expect(pacer.pauseMs()).toBe(50);
    load(5, 5, 200, 30);
    expect(pacer.pauseMs()).toBeLessThan(8);
  });

  it('takes a part of the time that what is in hand takes anyway', () => {
    load(200, 5, 20);
    expect(pacer.pauseMs(1)).toBe(10);
    expect(pacer.pauseMs(40)).toBeGreaterThan(30);
    expect(pacer.pauseMs(40)).toBeLessThan(45);
    expect(pacer.pauseMs(400)).toBe(50);
  });

  it('forgets a burst within seconds', () => {
    load(5_000, 1, 20);
    clock.elapsedMs += 5_000;
    expect(pacer.pauseMs()).toBe(0);
  });
});
