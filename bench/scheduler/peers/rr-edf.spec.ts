import { expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { RoundRobinEdf } from './rr-edf.js';
import { runsOf, several, tiny } from './tiny-runs.js';

it('takes one item of each tenant in turn', () => {
  const items = [{ at: 0 }, ...several(12, { at: 1 }), ...several(2, { at: 2, tenant: 1 })];
  const runs = runsOf(tiny(items), (s) => new RoundRobinEdf(new PeerView(s), 2));
  expect(runs[1]).toBe('10 m0: 13 1 14 2 3 4 5 6 7 8 9');
});

it('serves the model of the earliest deadline and drops what cannot make it', () => {
  const items = [{ at: 0 }, { at: 1, due: 19 }, { at: 2, due: 45 }, { at: 3, due: 44, lane: 1 }];
  const runs = runsOf(tiny(items), (s) => new RoundRobinEdf(new PeerView(s), 2));
  expect(runs).toEqual(['0 m0: 0', '10 m1: 3', '20 m0: 2']);
});
