import { atLeast, atMost } from '../report/verdict.js';
import { CAPACITY_PEERS, TENANT_AWARE } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { NOMINAL_RPS, sharedMachine, spread } from './shared-machine.js';

const PEERS = [...new Set([...CAPACITY_PEERS, ...TENANT_AWARE])];
const WEIGHTS = [1, 2, 4, 8];
const SLO_MS = 400;

/** Four tenants of unequal weight, each of which could fill the machine. */
export const weights = scoredWorkload({
  id: 'D',
  title: 'weights 1:2:4:8, all overloaded',
  policies: [...PEERS, 'fairfit'],
  scenarios: {
    '': (seed) =>
      sharedMachine({
        seed,
        endMs: 12_000,
        sloMs: SLO_MS,
        weights: WEIGHTS,
        streams: WEIGHTS.flatMap((_, t) => spread(t, NOMINAL_RPS, { sloMs: SLO_MS })),
      }),
  },
  firstSeed: 13,
  columns: [
    ...WEIGHTS.map((weight) => ({
      figure: `share ${weight}`,
      title: `w${weight} %`,
      digits: 1,
      worst: 'least' as const,
    })),
    { figure: 'error', title: 'off, points', digits: 2, worst: 'most' },
    { figure: 'gap', title: 'gap ms', digits: 0, worst: 'most' },
    { figure: 'goodput', title: 'goodput rps', digits: 0, worst: 'least' },
  ],
  figures: ({ serviceByTenant, gapMs, goodputRps }) => {
    const shares = sharesOf(serviceByTenant);
    const errors = shares.map((share, t) => Math.abs(share - (100 * (WEIGHTS[t] ?? 0)) / 15));
    const named = Object.fromEntries(shares.map((share, t) => [`share ${WEIGHTS[t]}`, share]));
    return { ...named, error: Math.max(...errors), gap: gapMs, goodput: goodputRps };
  },
  rank: 'goodput',
  verdicts: (results) => {
    const errors = results.values('', 'fairfit', 'error');
    const ratios = results.ratios('', 'fairfit', PEERS, 'goodput');
    return [
      ...(errors.length > 0 ? [atMost('D: shares off by, points', errors, 1.5)] : []),
      ...(ratios.length > 0 ? [atLeast('D: goodput over the best peer', ratios, 0.95)] : []),
    ];
  },
});

/** Each part of the whole, in percent. */
export function sharesOf(parts: readonly number[]): number[] {
  const whole = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => (100 * part) / whole);
}
