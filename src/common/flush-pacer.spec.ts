import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ManualClock } from '../../test/support/scheduler-bench.js';
import { FlushPacer } from './flush-pacer.js';

describe('FlushPacer', () => {
  let clock: ManualClock;
  let pacer: FlushPacer;
  beforeEach(() => {
    vi.useFakeTimers();
    clock = new ManualClock();
    pacer = new FlushPacer(clock, 100, 40);
  });
  afterEach(() => vi.useRealTimers());

  /** 2,000 items a second, so the pause is the longest. */
  function underLoad(): void {
    for (let i = 0; i < 100; i++) {
      clock.elapsedMs += 20;
      pacer.flushed(40);
    }
  }
  function waits(count: number): { isOver: boolean } {
    const state = { isOver: false };
    void pacer.untilWorthIt(count).then(() => (state.isOver = true));
    return state;
  }

  it('holds nothing up without load', async () => {
    await pacer.untilWorthIt(1);
    pacer.flushed(1);
    await pacer.untilWorthIt(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('counts the pause from the last flush', async () => {
    underLoad();
    clock.elapsedMs += 30;
    const wait = waits(1);
    await vi.advanceTimersByTimeAsync(8);
    expect(wait.isOver).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect(wait.isOver).toBe(true);
  });

  it('ends the pause when enough waits', async () => {
    underLoad();
    await pacer.untilWorthIt(100);
    const wait = waits(1);
    pacer.waiting(99);
    await vi.advanceTimersByTimeAsync(0);
    expect(wait.isOver).toBe(false);
    pacer.waiting(100);
    await vi.advanceTimersByTimeAsync(0);
    expect(wait.isOver).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });
});
