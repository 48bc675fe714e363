import { atLeast } from '../report/verdict.js';
import { scoredWorkload } from './scored-workload.js';
import { flood } from './shared-machine.js';
import { VICTIM_COLUMNS, victimFigures } from './victims.js';

/** Peers on two workers, like FairFit. */
const SPLIT = ['nexus-split', 'symphony-split', 'bento-split'];

/** The flood over two workers with one device each, which claim from one table; beside it policies that see both devices at once. */
export const twoWorkers = scoredWorkload({
  id: 'P',
  title: 'C over two workers that claim from one table',
  policies: ['nexus', 'symphony', 'bento', ...SPLIT, 'fairfit', 'fairfit-two-workers'],
  scenarios: { '': (seed) => flood(seed, 12_000) },
  firstSeed: 59,
  columns: VICTIM_COLUMNS.slice(0, 3),
  figures: victimFigures,
  rank: 'victims',
  verdicts: (results) => {
    const worst = results.values('', 'fairfit-two-workers', 'worst');
    const ratios = results.ratios('', 'fairfit-two-workers', SPLIT, 'total');
    return [
      ...(worst.length > 0 ? [atLeast('P: worst victim % over both workers', worst, 98.5)] : []),
      ...(ratios.length > 0 ? [atLeast('P: total over the best unfair peer on two workers', ratios, 0.9)] : []),
    ];
  },
});
