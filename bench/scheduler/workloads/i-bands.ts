import { ORDINARY } from '../machine/sim-item.js';
import { atLeast } from '../report/verdict.js';
import { scoredWorkload } from './scored-workload.js';
import { NOMINAL_RPS, sharedMachine, spread } from './shared-machine.js';

const FLOOR = 5;
/** How far below its floor a band may stay, points. */
const TOLERANCE = 0.5;

/** Interactive 0.6x, standard 0.8x, bulk undated 2x: tenant 0, 1 and 2. */
export const bands = scoredWorkload({
  id: 'I',
  title: 'priority bands with floors of 5 %',
  policies: ['triton', 'triton-priority', 'clockwork', 'vtc', 'fairfit'],
  scenarios: {
    '': (seed) =>
      sharedMachine({
        seed,
        endMs: 15_000,
        weights: [1, 1, 1],
        streams: [
          ...spread(0, 0.6 * NOMINAL_RPS, { kind: { ...ORDINARY, band: 'interactive' } }),
          ...spread(1, 0.8 * NOMINAL_RPS),
          ...spread(2, 2 * NOMINAL_RPS, { kind: { ...ORDINARY, band: 'bulk' }, sloMs: Infinity }),
        ],
      }),
  },
  firstSeed: 29,
  columns: [
    { figure: 'interactive', title: 'interactive on time %', digits: 1, worst: 'least' },
    { figure: 'standard', title: 'standard on time %', digits: 1, worst: 'least' },
    { figure: 'standardShare', title: 'standard share %', digits: 2, worst: 'least' },
    { figure: 'bulkShare', title: 'bulk share %', digits: 2, worst: 'least' },
  ],
  figures: ({ onTimeByTenant, serviceByBand }) => {
    const { interactive = 0, standard = 0, bulk = 0 } = serviceByBand;
    const whole = interactive + standard + bulk;
    return {
      interactive: 100 * (onTimeByTenant[0] ?? 0),
      standard: 100 * (onTimeByTenant[1] ?? 0),
      standardShare: (100 * standard) / whole,
      bulkShare: (100 * bulk) / whole,
    };
  },
  rank: 'interactive',
  verdicts: (results) => {
    if (results.of('', 'fairfit').length === 0) return [];
    const values = (figure: string) => results.values('', 'fairfit', figure);
    return [
      atLeast('I: interactive on time %', values('interactive'), 98),
      atLeast('I: standard share of device time, %', values('standardShare'), FLOOR - TOLERANCE),
      atLeast('I: bulk share of device time, %', values('bulkShare'), FLOOR - TOLERANCE),
    ];
  },
});
