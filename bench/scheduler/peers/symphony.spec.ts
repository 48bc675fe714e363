import { expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { Symphony } from './symphony.js';
import { runsOf, tiny } from './tiny-runs.js';

const symphony = (scenario: ReturnType<typeof tiny>) => new Symphony(new PeerView(scenario));

it('starts at the last moment at which one more item could join', () => {
  // One item due at 40: a second one could join until 40 - 0.1 - L(2) = 28.9.
  expect(runsOf(tiny([{ at: 0 }]), symphony)).toEqual(['28.9 m0: 0']);
});

it('starts earlier the more has joined', () => {
  // Three items: until 40 - 0.1 - L(4) = 26.9.
  expect(runsOf(tiny([{ at: 0 }, { at: 3 }, { at: 6 }]), symphony)).toEqual(['26.9 m0: 0 1 2']);
});

it('misses deadlines when several models reach their last moment together', () => {
  const runs = runsOf(tiny([{ at: 0 }, { at: 0.2, lane: 1 }]), symphony);
  expect(runs).toEqual(['28.9 m0: 0']);
});
