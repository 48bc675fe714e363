import type { ItemKind } from '../machine/sim-item.js';
import { ORDINARY } from '../machine/sim-item.js';
import { atMost } from '../report/verdict.js';
import { sharesOf } from './d-weights.js';
import { scoredWorkload } from './scored-workload.js';
import { NOMINAL_RPS, sharedMachine, spread } from './shared-machine.js';

const TENANTS = [0, 1, 2, 3];
const FACTOR = 2;

/** Equal weights, all overloaded; the items of tenant 0 take twice the time of the others'. */
export const dearItems = scoredWorkload({
  id: 'K',
  title: 'items of one tenant cost twice: shares of actual time',
  policies: ['triton', 'vtc', 'rr-edf', 'fairfit'],
  scenarios: {
    'not told': (seed) => scenario(seed, { ...ORDINARY, costFactor: FACTOR }),
    'size tells': (seed) => scenario(seed, { ...ORDINARY, size: FACTOR }),
  },
  firstSeed: 37,
  columns: [
    { figure: 'dear', title: 'dear tenant %', digits: 1, worst: 'most' },
    { figure: 'error', title: 'off, points', digits: 2, worst: 'most' },
    { figure: 'goodput', title: 'goodput rps', digits: 0, worst: 'least' },
  ],
  figures: ({ serviceByTenant, goodputRps }) => {
    const shares = sharesOf(serviceByTenant);
    const fair = 100 / TENANTS.length;
    return {
      dear: shares[0] ?? 0,
      error: Math.max(...shares.map((share) => Math.abs(share - fair))),
      goodput: goodputRps,
    };
  },
  rank: 'goodput',
  verdicts: (results) =>
    ['not told', 'size tells'].flatMap((cell) => {
      const errors = results.values(cell, 'fairfit', 'error');
      return errors.length > 0 ? [atMost(`K ${cell}: shares of actual time off by, points`, errors, 1.5)] : [];
    }),
});

function scenario(seed: number, dear: ItemKind) {
  return sharedMachine({
    seed,
    endMs: 15_000,
    sloMs: 400,
    weights: TENANTS.map(() => 1),
    streams: TENANTS.flatMap((tenant) => {
      const kind = tenant === 0 ? dear : ORDINARY;
      return spread(tenant, (2 * NOMINAL_RPS) / TENANTS.length, { sloMs: 400, kind });
    }),
  });
}
