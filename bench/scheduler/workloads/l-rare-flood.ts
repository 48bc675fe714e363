import { LRU_PEERS } from './policies.js';
import { scoredWorkload } from './scored-workload.js';
import { VICTIM_COLUMNS, victimFigures } from './victims.js';
import { ZOO_MODELS, ZOO_SLO_MS, zipf, zoo } from './zoo.js';

const VICTIMS = 7;
const VICTIMS_RPS = 200;
const FLOOD_RPS = 800;
const RARE = ZOO_MODELS / 2;

/** Seven tenants ask for models after Zipf's law; an eighth floods the twelve rarest, or stays away. */
export const rareFlood = scoredWorkload({
  id: 'L',
  title: 'residency, one tenant floods the 12 rarest models',
  policies: [...LRU_PEERS, 'fairfit'],
  isClosed: true,
  scenarios: {
    'no flood': (seed, isQuick) => scenario(seed, isQuick, 0),
    flood: (seed, isQuick) => scenario(seed, isQuick, FLOOD_RPS),
  },
  firstSeed: 41,
  columns: VICTIM_COLUMNS.slice(0, 3),
  figures: victimFigures,
  rank: 'victims',
  verdicts: () => [],
});

function scenario(seed: number, isQuick: boolean, floodRps: number) {
  const rates = zipf(ZOO_MODELS, VICTIMS_RPS / VICTIMS);
  const victims = Array.from({ length: VICTIMS }, (_, i) => i + 1).flatMap((tenant) =>
    rates.map((rps, lane) => ({ lane, tenant, rps, sloMs: ZOO_SLO_MS })),
  );
  const flood = Array.from({ length: RARE }, (_, i) => ({
    lane: RARE + i,
    tenant: 0,
    rps: floodRps / RARE,
    sloMs: ZOO_SLO_MS,
  }));
  return zoo(seed, isQuick ? 12_000 : 30_000, VICTIMS + 1, [...flood, ...victims]);
}
