import { atLeast } from '../report/verdict.js';
import { LRU_PEERS } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { ZOO_MODELS, ZOO_SLO_MS, zipf, zoo } from './zoo.js';

const RATES = [100, 200, 400, 800];

/** More models than memory. */
export const residency = scoredWorkload({
  id: 'E',
  title: 'residency, 24 models, 2 devices x 5 slots',
  policies: [...LRU_PEERS, 'fairfit'],
  isClosed: true,
  scenarios: Object.fromEntries(
    RATES.map((rps) => [
      `${rps} rps`,
      (seed: number, isQuick: boolean) => {
        const rates = zipf(ZOO_MODELS, rps);
        const streams = rates.map((rate, i) => ({ lane: i, tenant: i, rps: rate, sloMs: ZOO_SLO_MS }));
        return zoo(seed, isQuick ? 12_000 : 30_000, ZOO_MODELS, streams);
      },
    ]),
  ),
  quickCells: ['100 rps', '400 rps'],
  firstSeed: 3,
  columns: [
    { figure: 'onTime', title: 'on time %', digits: 1, worst: 'least' },
    { figure: 'loads', title: 'loads/s', digits: 1, worst: 'most' },
  ],
  figures: ({ onTimeShare, loadsPerSecond }) => ({ onTime: 100 * onTimeShare, loads: loadsPerSecond }),
  rank: 'onTime',
  verdicts: (results) =>
    RATES.flatMap((rps) => {
      const ratios = results.ratios(`${rps} rps`, 'fairfit', LRU_PEERS, 'onTime');
      return ratios.length > 0 ? [atLeast(`E ${rps} rps: on time over the best LRU`, ratios, 1.3)] : [];
    }),
});
