import { atMost } from '../report/verdict.js';
import { CAPACITY_PEERS } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { sharedMachine, tenantPerModel } from './shared-machine.js';

/** A tenth of what the machine serves: nobody should wait for a batch to fill. */
export const lightLoad = scoredWorkload({
  id: 'light',
  title: 'light load, 150 rps, noise 10 %',
  policies: [...CAPACITY_PEERS, 'fairfit', 'fairfit-true'],
  scenarios: {
    '': (seed) =>
      sharedMachine({
        seed,
        endMs: 12_000,
        weights: [1, 1, 1, 1],
        streams: tenantPerModel(150),
        more: { noise: 0.1 },
      }),
  },
  firstSeed: 11,
  columns: [
    { figure: 'p50', title: 'p50 ms', digits: 2, worst: 'most' },
    { figure: 'p99', title: 'p99 ms', digits: 1, worst: 'most' },
  ],
  figures: ({ p50Ms, p99Ms }) => ({ p50: p50Ms, speed: 1 / p50Ms, p99: p99Ms }),
  rank: 'speed',
  verdicts: (results) => {
    const eager = results.values('', 'triton', 'p50');
    const own = results.values('', 'fairfit', 'p50');
    if (eager.length === 0 || own.length === 0) return [];
    return [
      atMost(
        'light load: p50 over eager',
        own.map((ms, seed) => ms / (eager[seed] ?? NaN)),
        1.05,
      ),
    ];
  },
});
