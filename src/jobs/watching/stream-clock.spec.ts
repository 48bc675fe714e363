import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HEARTBEAT_MS, StreamClock } from './stream-clock.js';

describe('StreamClock', () => {
  let clock: StreamClock;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_795_000_000_000 });
    clock = new StreamClock();
  });
  afterEach(() => {
    clock.onModuleDestroy();
    vi.useRealTimers();
  });

  it('beats every stream once in 15 s, in small groups, with one timer', () => {
    let inTick = 0;
    let largest = 0;
    const beats = new Map<number, number>();
    const stops = Array.from({ length: 6_000 }, (_, i) =>
      clock.onBeat(() => {
        inTick++;
        beats.set(i, (beats.get(i) ?? 0) + 1);
      }),
    );
    expect(vi.getTimerCount()).toBe(1);
    for (let ms = 0; ms < 2 * HEARTBEAT_MS; ms += 250) {
      inTick = 0;
      vi.advanceTimersByTime(250);
      largest = Math.max(largest, inTick);
    }
    expect(largest).toBe(100);
    expect([...beats.values()]).toEqual(stops.map(() => 2));
    for (const stop of stops) stop();
    vi.advanceTimersByTime(HEARTBEAT_MS);
    expect([...beats.values()]).toEqual(stops.map(() => 2));
  });

  it('calls once at an instant, not before, at most a tick late, and never when it was stopped', () => {
    const called: string[] = [];
    const at = (name: string, inMs: number) =>
      clock.at(Date.now() + inMs, () => called.push(`${name} ${Date.now() - start}`));
    const start = Date.now();
    at('past', -1_000);
    at('soon', 1_010);
    at('late', 60_000);
    const stop = at('stopped', 1_010);
    stop();
    vi.advanceTimersByTime(1_000);
    expect(called).toEqual(['past 250']);
    vi.advanceTimersByTime(1_000);
    expect(called).toEqual(['past 250', 'soon 1250']);
    vi.advanceTimersByTime(120_000);
    expect(called).toEqual(['past 250', 'soon 1250', 'late 60250']);
  });
});
