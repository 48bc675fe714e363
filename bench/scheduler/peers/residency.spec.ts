import { describe, expect, it } from 'vitest';
import { LeastSlack } from './least-slack.js';
import { LruResidency } from './lru-residency.js';
import { PeerView } from './peer-view.js';
import { runsOf, tiny, type TinyItem } from './tiny-runs.js';

const zoo = (items: readonly TinyItem[], slots: number) =>
  tiny(items, {
    lanes: [0, 1, 2].map(() => ({ a: 1, c: 9, sloMs: 1000 })),
    devices: [{ slowdown: 1, slots }],
    loadMs: 100,
  });
const at = (at: number, lane: number) => ({ at, lane, due: at + 1000 });

describe('least recently used residency', () => {
  it('loads what is asked for next and evicts the model that was used longest ago', () => {
    const items = [at(0, 0), at(1, 1), at(2, 2), at(3, 1), at(4, 0)];
    const runs = runsOf(zoo(items, 2), (s) => new LruResidency(new PeerView(s), 'fifo'));
    // Model 2 takes the place of model 0, which then takes that of model 1.
    expect(runs).toEqual(['0 m0+: 0', '110 m1+: 1 3', '221 m2+: 2', '331 m0+: 4']);
  });

  it('drops elapsed items only in deadline order', () => {
    const items = [at(0, 0), { at: 1, lane: 1, due: 50 }];
    expect(runsOf(zoo(items, 1), (s) => new LruResidency(new PeerView(s), 'edf'))).toEqual(['0 m0+: 0']);
    const fifo = runsOf(zoo(items, 1), (s) => new LruResidency(new PeerView(s), 'fifo'));
    expect(fifo).toEqual(['0 m0+: 0', '110 m1+: 1']);
  });
});

describe('least slack residency', () => {
  it('does not evict a model that was just used', () => {
    const items = [at(0, 0), at(1, 1), at(105, 0), at(180, 0)];
    const runs = runsOf(zoo(items, 1), (s) => new LeastSlack(new PeerView(s)));
    // Model 1 waits until model 0 was idle for one load time: nothing asks then, so the next event decides.
    expect(runs).toEqual(['0 m0+: 0', '110 m0: 2', '180 m0: 3']);
  });

  it('serves the resident model of least slack', () => {
    const items = [at(0, 0), at(1, 1), at(2, 0)];
    const runs = runsOf(zoo(items, 2), (s) => new LeastSlack(new PeerView(s)));
    expect(runs).toEqual(['0 m0+: 0', '110 m1+: 1', '220 m0: 2']);
  });
});
