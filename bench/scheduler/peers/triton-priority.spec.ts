import { expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';
import { TritonPriority } from './triton-priority.js';

it('fills a batch strictly by level and lets the lowest level wait', () => {
  const items = [{ at: 0 }, ...several(11, { at: 1, tenant: 0 }), ...several(2, { at: 2, tenant: 1 })];
  const runs = runsOf(tiny(items), (s) => new TritonPriority(new PeerView(s), [1, 0, 2]));
  expect(runs).toEqual(['0 m0: 0', '10 m0: 12 13 1 2 3 4 5 6 7 8 9', '30 m0: 10 11']);
});

it('prefers the model whose head has the higher level to the one with the older head', () => {
  const items = [{ at: 0 }, { at: 1, tenant: 2 }, { at: 5, lane: 1, tenant: 1 }];
  const runs = runsOf(tiny(items), (s) => new TritonPriority(new PeerView(s), [0, 1, 2]));
  expect(runs).toEqual(['0 m0: 0', '10 m1: 2', '20 m0: 1']);
});
