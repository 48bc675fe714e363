import { describe, expect, it } from 'vitest';
import { TtlCache } from './ttl-cache.js';

function cacheAt(time: { now: number }, maxEntries = 10) {
  return new TtlCache<number>(5_000, maxEntries, () => time.now);
}

describe('TtlCache', () => {
  it('asks once per key until the time is over', async () => {
    const time = { now: 0 };
    const cache = cacheAt(time);
    let asked = 0;
    const load = () => Promise.resolve(++asked);
    expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
    time.now = 4_999;
    expect(await cache.get('a', load)).toBe(1);
    time.now = 5_000;
    expect(await cache.get('a', load)).toBe(2);
  });

  it('forgets a failure at once', async () => {
    const cache = cacheAt({ now: 0 });
    await expect(cache.get('a', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await cache.get('a', () => Promise.resolve(7))).toBe(7);
  });

  it('stays bounded and drops the oldest answer', async () => {
    const cache = cacheAt({ now: 0 }, 2);
    for (const [i, key] of ['a', 'b', 'c'].entries()) await cache.get(key, () => Promise.resolve(i));
    expect(cache.size).toBe(2);
    expect(await cache.get('b', () => Promise.resolve(9))).toBe(1);
    expect(await cache.get('a', () => Promise.resolve(9))).toBe(9);
  });

  it('forgets everything on clear', async () => {
    const cache = cacheAt({ now: 0 });
    await cache.get('a', () => Promise.resolve(1));
    cache.clear();
    expect(await cache.get('a', () => Promise.resolve(2))).toBe(2);
  });
});
