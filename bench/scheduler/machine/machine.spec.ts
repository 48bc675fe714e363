import { describe, expect, it } from 'vitest';
import { PeerView } from '../peers/peer-view.js';
import { runsOf, several, tiny } from '../peers/tiny-runs.js';
import { Triton } from '../peers/triton.js';
import { Machine } from './machine.js';
import type { RunningRun } from './policy.js';
import type { Scenario } from './scenario.js';

const eager = (scenario: Scenario) => new Triton(new PeerView(scenario), { delayMs: 0, hasTimeout: false });

describe('the machine', () => {
  it('admits the arrivals of an instant before it asks', () => {
    expect(runsOf(tiny(several(3, { at: 0 })), eager)).toEqual(['0 m0: 0 1 2']);
  });

  it('uses every device, each for one run at a time', () => {
    const scenario = tiny([{ at: 0 }, { at: 1 }, { at: 2 }], {
      devices: [1, 2].map(() => ({ slowdown: 1, slots: Infinity })),
    });
    expect(runsOf(scenario, eager)).toEqual(['0 m0: 0', '1 m0: 1', '10 m0: 2']);
  });

  it('runs slower on a slower device and within the noise', () => {
    const took: number[] = [];
    const items = Array.from({ length: 50 }, (_, i) => ({ at: i * 100 }));
    const scenario = tiny(items, { noise: 0.2, devices: [{ slowdown: 2, slots: Infinity }] });
    new Machine(scenario, eager(scenario), ({ actualMs }) => took.push(actualMs)).run();
    expect(Math.min(...took)).toBeGreaterThan(16);
    expect(Math.max(...took)).toBeLessThan(24);
    expect(Math.max(...took) - Math.min(...took)).toBeGreaterThan(6);
  });

  it('loses what runs on a device that goes away, and runs it again when it is back', () => {
    const outage = { fromMs: 5, toMs: 30 };
    const scenario = tiny([{ at: 0 }, { at: 6 }], { devices: [{ slowdown: 1, slots: Infinity, outage }] });
    expect(runsOf(scenario, eager)).toEqual(['0 m0: 0', '30 m0: 0 1']);
    expect(scenario.items.map(({ isOnTime }) => isOnTime)).toEqual([false, true]);
  });

  it('runs the items of a failed run once more', () => {
    const ends: string[] = [];
    const scenario = tiny([{ at: 0 }], { failShare: 0.5, seed: 4 });
    new Machine(scenario, eager(scenario), (_run: RunningRun, end) => ends.push(end)).run();
    expect(ends.at(-1)).toBe('done');
    expect(scenario.items[0]?.finishedAt).toBe(10 * ends.length);
  });
});
