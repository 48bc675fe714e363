import { atLeast } from '../report/verdict.js';
import { scoredWorkload } from './scored-workload.js';
import { flood } from './shared-machine.js';
import { VICTIM_COLUMNS, victimFigures } from './victims.js';

/** The flood on two devices of which the second takes 2.5 times as long. */
export const classes = scoredWorkload({
  id: 'N',
  title: 'C on two device classes, the second 2.5 x slower',
  policies: ['triton', 'nexus', 'clockwork', 'symphony', 'vtc', 'bucket', 'fairfit', 'fairfit-true'],
  scenarios: {
    '': (seed) =>
      flood(seed, 12_000, {
        devices: [1, 2.5].map((slowdown) => ({ slowdown, slots: Infinity })),
      }),
  },
  firstSeed: 47,
  columns: VICTIM_COLUMNS.slice(0, 3),
  figures: victimFigures,
  rank: 'victims',
  verdicts: (results) => {
    const victims = results.values('', 'fairfit', 'victims');
    return victims.length > 0 ? [atLeast('N: victims %', victims, 97)] : [];
  },
});
