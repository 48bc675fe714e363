import { describe, expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { Shepherd, ShepherdPreemptive } from './shepherd.js';
import { runsOf, several, tiny } from './tiny-runs.js';

describe('Shepherd', () => {
  it('runs the largest batch over all models, bounded by its first deadline', () => {
    const items = [{ at: 0 }, { at: 1 }, ...several(3, { at: 2, lane: 1 }), { at: 3 }];
    const runs = runsOf(tiny(items), (s) => new Shepherd(new PeerView(s)));
    expect(runs).toEqual(['0 m0: 0', '10 m1: 2 3 4', '22 m0: 1 5']);
  });

  it('drops a head that cannot make it, not one that still can', () => {
    const items = [{ at: 0 }, { at: 1, due: 19.9 }, { at: 2, due: 20 }];
    expect(runsOf(tiny(items), (s) => new Shepherd(new PeerView(s)))).toEqual(['0 m0: 0', '10 m0: 2']);
  });

  it('preempts a batch for one 3.03 times as large and runs the stopped items later', () => {
    const make = (s: ReturnType<typeof tiny>) => new ShepherdPreemptive(new PeerView(s));
    const three = [{ at: 0, due: 90 }, ...several(3, { at: 5, lane: 1 })];
    expect(runsOf(tiny(three), make)).toEqual(['0 m0: 0', '10 m1: 1 2 3']);
    const four = [{ at: 0, due: 90 }, ...several(4, { at: 5, lane: 1 })];
    expect(runsOf(tiny(four), make)).toEqual(['5 m1: 1 2 3 4', '18 m0: 0']);
  });
});
