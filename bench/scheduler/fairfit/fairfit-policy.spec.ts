import { describe, expect, it } from 'vitest';
import { devices } from '../machine/scenario.js';
import { scoreOf } from '../machine/score.js';
import { runsOf, several, tiny } from '../peers/tiny-runs.js';
import { flood } from '../workloads/shared-machine.js';
import { FairFitPolicy } from './fairfit-policy.js';
import { TwoWorkers } from './two-workers.js';

const fairfit = (scenario: ReturnType<typeof tiny>) => new FairFitPolicy(scenario, { costs: 'given' });

describe('FairFit in the simulator', () => {
  it('runs at once what comes to a free device', () => {
    expect(runsOf(tiny([{ at: 3 }, { at: 50, lane: 1 }]), fairfit)).toEqual(['3 m0: 0', '50 m1: 1']);
  });

  it('orders the same runs every time', () => {
    const items = [...several(30, { at: 0 }), ...several(30, { at: 5, tenant: 1, lane: 1 }), { at: 9, tenant: 2 }];
    expect(runsOf(tiny(items), fairfit)).toEqual(runsOf(tiny(items), fairfit));
  });

  it('shields the victims of a flood', () => {
    const scenario = flood(11, 5000, { more: { noise: 0.1 } });
    const victims = scoreOf(scenario, new FairFitPolicy(scenario, { costs: 'warmUp' })).onTimeByTenant.slice(1);
    expect(Math.min(...victims)).toBeGreaterThan(0.95);
  });

  it('shields them also where one device is much slower than the other', () => {
    const unlike = [1, 2.5].map((slowdown) => ({ slowdown, slots: Infinity }));
    const scenario = flood(12, 5000, { devices: unlike });
    const victims = scoreOf(scenario, new FairFitPolicy(scenario, { costs: 'warmUp' })).onTimeByTenant.slice(1);
    expect(Math.min(...victims)).toBeGreaterThan(0.95);
  });

  it('loads and evicts models within the slots of a device', () => {
    const items = [0, 1, 2, 0].map((lane, i) => ({ at: i * 500, lane, due: i * 500 + 400 }));
    const scenario = tiny(items, {
      lanes: [0, 1, 2].map(() => ({ a: 1, c: 9, sloMs: 400 })),
      devices: devices(1, 2),
      loadMs: 100,
    });
    const runs = runsOf(scenario, fairfit);
    expect(runs.filter((run) => run.includes('+'))).toEqual(['0 m0+: ', '500 m1+: ', '1000 m2+: ', '1500 m0+: ']);
    expect(scenario.items.every(({ isOnTime }) => isOnTime)).toBe(true);
  });

  it('runs again what a lost device held', () => {
    const outage = { fromMs: 5, toMs: 30 };
    const scenario = tiny(
      [
        { at: 0, due: 100 },
        { at: 6, due: 100 },
      ],
      { devices: [{ slowdown: 1, slots: Infinity, outage }] },
    );
    expect(runsOf(scenario, fairfit).slice(1)).toEqual(['30 m0: 0 1']);
    expect(scenario.items.every(({ isOnTime }) => isOnTime)).toBe(true);
  });
});

describe('two workers over one table', () => {
  it('serve light load on time, each on its own device', () => {
    const scenario = tiny(
      Array.from({ length: 40 }, (_, i) => ({ at: i * 12, lane: i % 2 })),
      { devices: devices(2) },
    );
    runsOf(scenario, (s) => new TwoWorkers(s));
    expect(scenario.items.every(({ isOnTime }) => isOnTime)).toBe(true);
  });

  it('shield the victims of a flood together', () => {
    const scenario = flood(11, 5000);
    const victims = scoreOf(scenario, new TwoWorkers(scenario)).onTimeByTenant.slice(1);
    expect(Math.min(...victims)).toBeGreaterThan(0.95);
  });
});
