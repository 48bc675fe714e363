import { arrivalsOf } from '../machine/arrivals.js';
import { devices, type Scenario, scenarioOf, tenantsOf } from '../machine/scenario.js';
import { atLeast } from '../report/verdict.js';
import { lanes, RESNET } from './machines.js';
import { scoredWorkload } from './scored-workload.js';
import { VICTIM_COLUMNS, victimFigures } from './victims.js';

const TENANTS = 1000;
const MODELS = 200;
const DEVICES = 16;
const SLO_MS = 1000;
/** Models that each tenant uses. */
const MODELS_EACH = 4;
/** Tenant 0 sends as much as all others together, a little more than the machine serves. */
const FLOOD_RPS = 7000;
const VICTIMS_RPS = 7000;
/** Fourteen thousand a second make one million. */
const END_MS = 1_000_000 / ((FLOOD_RPS + VICTIMS_RPS) / 1000);

/** 1,000 tenants, 200 models, 16 devices, a million requests; a tenth of it in a quick run. */
export const scale = scoredWorkload({
  id: 'O',
  title: 'scale: 1,000 tenants, 200 models, 16 devices, one million requests',
  policies: ['nexus', 'clockwork', 'fairfit'],
  scenarios: { '': scenario },
  firstSeed: 53,
  columns: VICTIM_COLUMNS.slice(0, 3),
  figures: victimFigures,
  rank: 'victims',
  verdicts: (results) => {
    const victims = results.values('', 'fairfit', 'victims');
    return victims.length > 0 ? [atLeast('O: victims %', victims, 97)] : [];
  },
});

function scenario(seed: number, isQuick: boolean): Scenario {
  const endMs = isQuick ? 5000 : END_MS;
  const streams = Array.from({ length: TENANTS }, (_, tenant) => tenant).flatMap((tenant) => {
    const count = tenant === 0 ? MODELS : MODELS_EACH;
    const rps = (tenant === 0 ? FLOOD_RPS : VICTIMS_RPS / (TENANTS - 1)) / count;
    return Array.from({ length: count }, (_, i) => ({ lane: (tenant * 7 + i) % MODELS, tenant, rps, sloMs: SLO_MS }));
  });
  return scenarioOf({
    lanes: lanes(MODELS, { ...RESNET, sloMs: SLO_MS }),
    tenants: tenantsOf(Array.from({ length: TENANTS }, () => 1)),
    devices: devices(DEVICES),
    items: arrivalsOf(streams, seed, endMs),
    seed,
    warmMs: 3000,
    endMs,
  });
}
