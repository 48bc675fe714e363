import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FairShare } from './fair-share.js';

const fill = (share: FairShare, holder: string): number => {
  let count = 0;
  while (share.take(holder)) count++;
  return count;
};

describe('FairShare', () => {
  it('gives one greedy holder half, and leaves the rest to others', () => {
    const share = new FairShare(100);
    expect(fill(share, 'a')).toBe(50);
    expect(fill(share, 'b')).toBe(25);
    expect(share.take('c', 12)).toBe(true);
  });

  it('lets one large request have everything when nobody holds anything', () => {
    const share = new FairShare(100);
    expect(share.take('a', 100)).toBe(true);
    expect(share.take('b')).toBe(false);
    share.give('a', 100);
    expect(share.take('b')).toBe(true);
  });

  it('never holds more than its limit, and nothing once all gave back', () => {
    const step = fc.record({ holder: fc.constantFrom('a', 'b', 'c'), amount: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const share = new FairShare(100);
        const taken = steps.filter((s) => share.take(s.holder, s.amount));
        expect(share.taken).toBe(taken.reduce((sum, s) => sum + s.amount, 0));
        expect(share.taken).toBeLessThanOrEqual(100);
        for (const s of taken) share.give(s.holder, s.amount);
        expect(share.taken).toBe(0);
        expect(share.take('a', 100)).toBe(true);
      }),
    );
  });
});
