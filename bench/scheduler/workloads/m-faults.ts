import { devices } from '../machine/scenario.js';
import { atLeast } from '../report/verdict.js';
import { scoredWorkload } from './scored-workload.js';
import { flood } from './shared-machine.js';
import { VICTIM_COLUMNS, victimFigures } from './victims.js';

const OUTAGE = { fromMs: 5000, toMs: 8000 };
/** Items that arrived just before, or while the queues recover, do not count, ms. */
const AROUND_MS = 500;

/** The flood while one of two devices is away for three seconds and one run in fifty fails. */
export const faults = scoredWorkload({
  id: 'M',
  title: 'C with a device away from 5 to 8 s (not counted) and 2 % failed runs',
  policies: ['triton', 'nexus', 'clockwork', 'symphony', 'vtc', 'bucket', 'fairfit', 'fairfit-true'],
  scenarios: {
    '': (seed) =>
      flood(seed, 15_000, {
        devices: devices(2).map((device, i) => (i === 1 ? { ...device, outage: OUTAGE } : device)),
        more: {
          failShare: 0.02,
          uncounted: { fromMs: OUTAGE.fromMs - AROUND_MS, toMs: OUTAGE.toMs + AROUND_MS },
        },
      }),
  },
  firstSeed: 43,
  columns: VICTIM_COLUMNS.slice(0, 3),
  figures: victimFigures,
  rank: 'victims',
  verdicts: (results) => {
    const victims = results.values('', 'fairfit', 'victims');
    return victims.length > 0 ? [atLeast('M: victims % outside the outage', victims, 97)] : [];
  },
});
