import { atLeast } from '../report/verdict.js';
import { scoredWorkload } from './scored-workload.js';
import { flood, NOMINAL_RPS, sharedMachine, tenantPerModel } from './shared-machine.js';
import { VICTIM_COLUMNS, victimFigures } from './victims.js';

const BELIEFS = [0.8, 1, 1.2];
const NOISES = [0, 0.1, 0.3];
const KINDS = ['nexus', 'clockwork', 'bucket', 'fairfit', 'fairfit-frozen'];
/** By then every lane of the machine has some 64 runs. */
const WARM_MS = 6000;
const END_MS = 15_000;

/** The flood, when the policies believe in wrong run times and runs vary. */
export const beliefs = scoredWorkload({
  id: 'F',
  title: 'C with wrong beliefs and noise',
  policies: KINDS,
  scenarios: Object.fromEntries(
    BELIEFS.flatMap((belief) =>
      NOISES.map((noise) => [
        name(belief, noise),
        (seed: number) => flood(seed, END_MS, { more: { belief, noise, warmMs: WARM_MS } }),
      ]),
    ),
  ),
  quickCells: [name(0.8, 0.1), name(1.2, 0.3)],
  firstSeed: 17,
  columns: VICTIM_COLUMNS.slice(0, 3),
  figures: victimFigures,
  rank: 'victims',
  verdicts: (results) =>
    BELIEFS.flatMap((belief) =>
      NOISES.flatMap((noise) => {
        const worst = results.values(name(belief, noise), 'fairfit', 'worst');
        return worst.length > 0 ? [atLeast(`F ${name(belief, noise)}: worst victim %`, worst, 95)] : [];
      }),
    ),
});

/** Overload of 1.2x under the same beliefs. */
export const beliefsOverload = scoredWorkload({
  id: 'FB',
  title: 'B 1.2x with wrong beliefs and noise, goodput in rps',
  policies: KINDS,
  scenarios: Object.fromEntries(
    BELIEFS.flatMap((belief) =>
      NOISES.map((noise) => [
        name(belief, noise),
        (seed: number) =>
          sharedMachine({
            seed,
            endMs: END_MS,
            weights: [1, 1, 1, 1],
            streams: tenantPerModel(1.2 * NOMINAL_RPS),
            more: { belief, noise, warmMs: WARM_MS },
          }),
      ]),
    ),
  ),
  quickCells: [name(0.8, 0.1)],
  firstSeed: 17,
  columns: [{ figure: 'goodput', title: '', digits: 0, worst: 'least' }],
  figures: ({ goodputRps }) => ({ goodput: goodputRps }),
  rank: 'goodput',
  verdicts: () => [],
});

function name(belief: number, noise: number): string {
  return `belief ${belief}, noise ${noise * 100} %`;
}
