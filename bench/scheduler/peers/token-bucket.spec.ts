import { expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';
import { TokenBucketTriton } from './token-bucket.js';

it('lets ten through at once, then as many as the rate allows; every tenant has its own bucket', () => {
  // 100 per second: 2 tokens in 20 ms.
  const items = [...several(15, { at: 0 }), { at: 0.5, tenant: 1 }, ...several(5, { at: 20 })];
  const runs = runsOf(tiny(items), (s) => new TokenBucketTriton(new PeerView(s), 100));
  expect(runs).toEqual(['0 m0: 0 1 2 3 4 5 6 7 8 9', '19 m0: 15', '29 m0: 16 17']);
});
