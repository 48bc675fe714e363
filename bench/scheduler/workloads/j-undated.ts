import { arrivalsOf, mergeAll } from '../machine/arrivals.js';
import { devices, type Scenario, scenarioOf, tenantsOf } from '../machine/scenario.js';
import { ORDINARY, SimItem } from '../machine/sim-item.js';
import { atLeast } from '../report/verdict.js';
import { lanes, RESNET } from './machines.js';
import { scoredWorkload } from './scored-workload.js';
import { MODELS, NOMINAL_RPS, spread } from './shared-machine.js';

const UNDATED_EACH = 10_000;
const END_MS = 20_000;

/** Two tenants bring 10,000 undated items each at once; two others send dated work at 0.5x. */
export const undated = scoredWorkload({
  id: 'J',
  title: '20,000 undated items beside dated work at 0.5x',
  policies: ['triton', 'clockwork', 'vtc', 'rr-edf', 'fairfit', 'fairfit-aging'],
  scenarios: { '': scenario },
  firstSeed: 31,
  columns: [
    { figure: 'dated', title: 'dated on time %', digits: 1, worst: 'least' },
    { figure: 'share', title: 'undated share of device time %', digits: 1, worst: 'least' },
  ],
  figures: ({ onTimeByTenant, serviceByTenant }) => {
    const whole = serviceByTenant.reduce((sum, ms) => sum + ms, 0);
    return {
      dated: 100 * Math.min(onTimeByTenant[0] ?? 0, onTimeByTenant[1] ?? 0),
      share: (100 * ((serviceByTenant[2] ?? 0) + (serviceByTenant[3] ?? 0))) / whole,
    };
  },
  rank: 'dated',
  verdicts: (results) =>
    ['fairfit', 'fairfit-aging'].flatMap((policy) => {
      const dated = results.values('', policy, 'dated');
      return dated.length > 0 ? [atLeast(`J ${policy}: dated on time %`, dated, 97)] : [];
    }),
});

function scenario(seed: number): Scenario {
  const dated = arrivalsOf(
    [0, 1].flatMap((tenant) => spread(tenant, NOMINAL_RPS / 4)),
    seed,
    END_MS,
  );
  const heap = [2, 3].map((tenant) =>
    Array.from({ length: UNDATED_EACH }, (_, i) => {
      return new SimItem(0, Infinity, i % MODELS.length, tenant, ORDINARY);
    }),
  );
  return scenarioOf({
    lanes: lanes(4, { ...RESNET, sloMs: 100 }),
    tenants: tenantsOf([1, 1, 1, 1]),
    devices: devices(2),
    items: mergeAll([...heap, dated]),
    seed,
    warmMs: 3000,
    endMs: END_MS,
  });
}
