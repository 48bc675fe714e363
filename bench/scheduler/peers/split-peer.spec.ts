import { expect, it } from 'vitest';
import { devices } from '../machine/scenario.js';
import { PeerView } from './peer-view.js';
import { SplitPeer } from './split-peer.js';
import { runsOf, several, tiny } from './tiny-runs.js';
import { Triton } from './triton.js';

it('gives each worker its own queue and device: batches do not merge over workers', () => {
  const scenario = tiny(several(4, { at: 0 }), { devices: devices(2) });
  const make = (s: typeof scenario) =>
    new SplitPeer(s, (one) => new Triton(new PeerView(one), { delayMs: 0, hasTimeout: false }));
  expect(runsOf(scenario, make)).toEqual(['0 m0: 1 3', '0 m0: 0 2']);
});
