import { expect, it } from 'vitest';
import { Clockwork } from './clockwork.js';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';

const clockwork = (scenario: ReturnType<typeof tiny>) => new Clockwork(new PeerView(scenario));

it('runs only sizes that are powers of two', () => {
  const runs = runsOf(tiny(several(7, { at: 0 })), clockwork);
  expect(runs).toEqual(['0 m0: 0 1 2 3', '13 m0: 4 5', '24 m0: 6']);
});

it('serves the batch that must start first, not the one that is due first', () => {
  // Model 0: one item due at 44, latest start 34. Model 1: eight due at 46, latest start 29.
  const items = [{ at: 0 }, { at: 1, due: 44 }, ...several(8, { at: 2, due: 46, lane: 1 })];
  expect(runsOf(tiny(items), clockwork)[1]).toMatch(/^10 m1/);
});

it('drops the heads before the largest batch that keeps its deadlines', () => {
  const items = [{ at: 0 }, { at: 1, due: 21 }, ...several(4, { at: 2 })];
  expect(runsOf(tiny(items), clockwork)).toEqual(['0 m0: 0', '10 m0: 2 3 4 5']);
});
