import { expect, it } from 'vitest';
import { Clipper } from './clipper.js';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';

const clipper = (scenario: ReturnType<typeof tiny>) => new Clipper(new PeerView(scenario));

it('takes what 92 % of the time to the first deadline allows', () => {
  // 0.92 * 40 - 9 = 27.8
  const runs = runsOf(tiny(several(30, { at: 0 })), clipper);
  expect(runs[0]?.split(' ').length).toBe(2 + 27);
});

it('runs singles once the first deadline is near: nothing feasible is given up for it', () => {
  // At 36 the head is due in 4 ms: too late for any batch, but not elapsed.
  const runs = runsOf(tiny([...several(27, { at: 0 }), { at: 0.5, due: 40 }, ...several(5, { at: 1 })]), clipper);
  expect(runs[1]).toBe('36 m0: 27');
});
