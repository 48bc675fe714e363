import { arrivalsOf } from '../machine/arrivals.js';
import { devices, type Scenario, scenarioOf, tenantsOf } from '../machine/scenario.js';
import { RESNET } from './machines.js';
import { CAPACITY_PEERS } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { NOMINAL_RPS } from './shared-machine.js';

const SLOS_MS = [50, 100, 400, 2000];
const END_MS = 15_000;

/** Four models with very different deadlines. */
export const deadlines = scoredWorkload({
  id: 'H',
  title: 'SLOs of 50, 100, 400 and 2,000 ms',
  policies: [...CAPACITY_PEERS, 'fairfit'],
  scenarios: { '0.9x': (seed) => scenario(seed, 0.9), '1.2x': (seed) => scenario(seed, 1.2) },
  firstSeed: 23,
  columns: [
    { figure: 'onTime', title: 'on time %', digits: 1, worst: 'least' },
    ...SLOS_MS.map((ms) => ({ figure: `${ms} ms`, title: `${ms} ms`, digits: 1, worst: 'least' as const })),
  ],
  figures: ({ onTimeShare, onTimeByTenant }) => ({
    onTime: 100 * onTimeShare,
    ...Object.fromEntries(SLOS_MS.map((ms, t) => [`${ms} ms`, 100 * (onTimeByTenant[t] ?? 0)])),
  }),
  rank: 'onTime',
  verdicts: () => [],
});

function scenario(seed: number, load: number): Scenario {
  const rps = (load * NOMINAL_RPS) / SLOS_MS.length;
  return scenarioOf({
    lanes: SLOS_MS.map((sloMs) => ({ ...RESNET, sloMs })),
    tenants: tenantsOf(SLOS_MS.map(() => 1)),
    devices: devices(2),
    items: arrivalsOf(
      SLOS_MS.map((sloMs, i) => ({ lane: i, tenant: i, rps, sloMs })),
      seed,
      END_MS,
    ),
    seed,
    warmMs: 3000,
    endMs: END_MS,
  });
}
