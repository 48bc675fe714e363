import { describe, expect, it } from 'vitest';
import { entitledShare } from './share.js';
import { queuedBefore } from './tenant-queues.js';

describe('the share of a tenant', () => {
  it('is that of its weight among those who have work', () => {
    expect(entitledShare(1, [])).toBe(1);
    expect(entitledShare(1, [1, 1])).toBe(0.33);
    expect(entitledShare(4, [1, 3])).toBe(0.5);
    expect(entitledShare(1, [100, 100])).toBe(0);
  });
});

describe('the place of a job that is not there yet', () => {
  it('is behind those of its own band and the bands above', () => {
    const queue = { queued: [2, 30, 400] as const, running: 5, limit: 1_000, weight: 1 };
    expect([0, 1, 2].map((band) => queuedBefore(queue, band))).toEqual([2, 32, 432]);
  });
});
