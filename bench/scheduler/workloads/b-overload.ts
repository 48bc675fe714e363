import { atLeast } from '../report/verdict.js';
import { CAPACITY_PEERS, TENANT_AWARE } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { NOMINAL_RPS, sharedMachine, tenantPerModel } from './shared-machine.js';

const PEERS = [...new Set([...CAPACITY_PEERS, ...TENANT_AWARE])];
const FACTORS = [0.9, 1.2, 2, 4];
const END_MS = 12_000;

/** Goodput when more arrives than the machine serves. */
export const overload = scoredWorkload({
  id: 'B',
  title: 'overload, goodput in rps',
  policies: [...PEERS, 'fairfit'],
  scenarios: Object.fromEntries(
    FACTORS.map((factor) => [
      `${factor}x`,
      (seed: number) => {
        const streams = tenantPerModel(factor * NOMINAL_RPS);
        return sharedMachine({ seed, endMs: END_MS, weights: [1, 1, 1, 1], streams });
      },
    ]),
  ),
  quickCells: ['1.2x', '4x'],
  firstSeed: 7,
  columns: [{ figure: 'goodput', title: '', digits: 0, worst: 'least' }],
  figures: ({ goodputRps }) => ({ goodput: goodputRps }),
  rank: 'goodput',
  verdicts: (results) =>
    ['1.2x', '2x', '4x'].flatMap((cell) => {
      const ratios = results.ratios(cell, 'fairfit', PEERS, 'goodput');
      return ratios.length > 0 ? [atLeast(`B ${cell}: goodput over the best peer`, ratios, 0.93)] : [];
    }),
});
