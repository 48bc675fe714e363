import { describe, expect, it } from 'vitest';
import { Nexus } from './nexus.js';
import { nexusTarget } from './nexus-target.js';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';

describe("Nexus' target", () => {
  const view = new PeerView(tiny([]));

  it('is the largest size that may just miss a batch when the rate keeps devices busy', () => {
    // 1 per ms at b = 11: L = 20 and 20/11 devices, 20 * (1 + 11/20) = 31; at b = 16: 25 * (1 + 16/25) = 41 > 40.
    expect(nexusTarget(view, 0, 1)).toBe(15);
  });

  it('is what fills in time when the rate does not keep one device busy', () => {
    // b + 9 + b / 0.1 <= 40 holds up to b = 2.
    expect(nexusTarget(view, 0, 0.1)).toBe(2);
  });
});

it('drops the heads that a batch of the target size would miss', () => {
  // At 10 ms the target for 1 per ms is 15: L = 24, so items due before 34 go, however many.
  const old = several(3, { at: 1, due: 33 });
  const runs = runsOf(tiny([{ at: 0 }, ...old, ...several(20, { at: 2 })]), (s) => new Nexus(new PeerView(s)));
  expect(runs[1]?.startsWith('10 m0: 4 5 6')).toBe(true);
  expect(runs.join(' ')).not.toMatch(/: 1 /);
});
