import { describe, expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';
import { Triton } from './triton.js';

const triton =
  (delayMs: number, hasTimeout = false) =>
  (scenario: ReturnType<typeof tiny>) =>
    new Triton(new PeerView(scenario), { delayMs, hasTimeout });

describe('Triton', () => {
  it('waits for its queue delay, then takes all there is', () => {
    expect(runsOf(tiny([{ at: 0 }, { at: 1 }, { at: 2 }]), triton(5))).toEqual(['5 m0: 0 1 2']);
  });

  it('does not wait when a full batch is queued: 11 items take SLO / 2', () => {
    const runs = runsOf(tiny(several(12, { at: 0 })), triton(30));
    expect(runs).toEqual(['0 m0: 0 1 2 3 4 5 6 7 8 9 10', '30 m0: 11']);
  });

  it('serves the model with the oldest head, also when its items are late', () => {
    const items = [{ at: 0 }, { at: 1, lane: 1 }, { at: 2 }];
    expect(runsOf(tiny(items), triton(0))).toEqual(['0 m0: 0', '10 m1: 1', '20 m0: 2']);
  });

  it('drops what waited longer than the SLO only with a timeout', () => {
    const slow = { lanes: [{ a: 1, c: 49, sloMs: 40 }] };
    const items = [{ at: 0 }, { at: 5 }, { at: 20 }];
    expect(runsOf(tiny(items, slow), triton(0, true))).toEqual(['0 m0: 0', '50 m0: 2']);
    expect(runsOf(tiny(items, slow), triton(0))).toEqual(['0 m0: 0', '50 m0: 1', '100 m0: 2']);
  });
});
