import type { Stream } from '../machine/arrivals.js';
import { CAPACITY_PEERS } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { NOMINAL_RPS, sharedMachine, tenantPerModel } from './shared-machine.js';

const LOAD = 0.8;
const DAY_MS = 20_000;

/** Bursts, and days and nights, at 0.8 of what the machine serves. */
export const bursts = scoredWorkload({
  id: 'G',
  title: 'bursty and diurnal at 0.8x, on time %',
  policies: [...CAPACITY_PEERS, 'fairfit'],
  scenarios: {
    'gamma 0.1': (seed) => scenario(seed, { shape: 0.1 }),
    'gamma 0.2': (seed) => scenario(seed, { shape: 0.2 }),
    'gamma 0.3': (seed) => scenario(seed, { shape: 0.3 }),
    diurnal: (seed) => scenario(seed, { pulse: (atMs) => 1 + 0.8 * Math.sin((2 * Math.PI * atMs) / DAY_MS) }),
  },
  quickCells: ['gamma 0.1', 'diurnal'],
  firstSeed: 19,
  columns: [{ figure: 'onTime', title: '', digits: 1, worst: 'least' }],
  figures: ({ onTimeShare }) => ({ onTime: 100 * onTimeShare }),
  rank: 'onTime',
  verdicts: () => [],
});

function scenario(seed: number, rest: Partial<Stream>) {
  const streams = tenantPerModel(LOAD * NOMINAL_RPS, rest);
  return sharedMachine({ seed, endMs: 3000 + DAY_MS + 1000, weights: [1, 1, 1, 1], streams });
}
