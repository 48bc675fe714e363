import { atLeast } from '../report/verdict.js';
import { TENANT_AWARE, UNFAIR } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { flood } from './shared-machine.js';
import { VICTIM_COLUMNS, victimFigures } from './victims.js';

/** One tenant floods. Peers are shown with the value that serves the victims best, their best total beside it. */
export const isolation = scoredWorkload({
  id: 'C',
  title: 'isolation, one tenant floods',
  policies: [...UNFAIR, ...TENANT_AWARE, 'fairfit', 'fairfit-true'],
  scenarios: {
    'C1 exact': (seed) => flood(seed, 12_000),
    'C2 noise 10 %': (seed) => flood(seed, 10_000, { more: { noise: 0.1 } }),
  },
  firstSeed: 11,
  columns: VICTIM_COLUMNS,
  figures: victimFigures,
  rank: 'victims',
  peaks: ['total'],
  verdicts: (results) =>
    ['C1 exact', 'C2 noise 10 %'].flatMap((cell) => {
      const worst = results.values(cell, 'fairfit', 'worst');
      const ratios = results.ratios(cell, 'fairfit', UNFAIR, 'total', 'best total');
      return [
        ...(worst.length > 0 ? [atLeast(`${cell}: worst victim %`, worst, 98.5)] : []),
        ...(ratios.length > 0 ? [atLeast(`${cell}: total over the best unfair peer`, ratios, 0.9)] : []),
      ];
    }),
});
