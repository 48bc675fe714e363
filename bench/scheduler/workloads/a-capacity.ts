import { arrivalsOf } from '../machine/arrivals.js';
import { devices, type Scenario, scenarioOf, tenantsOf } from '../machine/scenario.js';
import { passes } from '../machine/score.js';
import type { Variant } from '../peers/registry.js';
import type { Results } from '../report/results.js';
import { atLeast, type Verdict } from '../report/verdict.js';
import { lanes } from './machines.js';
import { CAPACITY_PEERS } from './policies.js';
import type { Measured, ScenarioCache, Task, Workload } from './workload.js';

interface Cell {
  readonly models: number;
  readonly devices: number;
  readonly sloMs: number;
  readonly shape: number;
  readonly a: number;
  readonly c: number;
}

const CELLS: Readonly<Record<string, Cell>> = {
  '8,8,100': { models: 8, devices: 8, sloMs: 100, shape: 1, a: 1.082, c: 5.204 },
  '1,8,25': { models: 1, devices: 8, sloMs: 25, shape: 1, a: 0.4, c: 5 },
  '8,8,40 bursty': { models: 8, devices: 8, sloMs: 40, shape: 0.3, a: 1, c: 5 },
  '20,8,60': { models: 20, devices: 8, sloMs: 60, shape: 1, a: 1, c: 10 },
  '1,1,100': { models: 1, devices: 1, sloMs: 100, shape: 1, a: 1.082, c: 5.204 },
  '4,2,50': { models: 4, devices: 2, sloMs: 50, shape: 1, a: 0.5, c: 8 },
};
const STEPS = 9;
const ON_TIME = 0.99;
const END_MS = 8000;

/** The largest total rate at which 99 % are on time, by bisection; a rate passes if any value of a knob passes. */
export const capacity: Workload = {
  id: 'A',
  title: 'capacity, rps at 99 % on time (models, devices, SLO in ms)',
  policies: [...CAPACITY_PEERS, 'fairfit'],
  cells: Object.keys(CELLS),
  quickCells: ['1,1,100', '4,2,50'],
  firstSeed: 5,
  columns: [{ figure: 'rps', title: '', digits: 0, worst: 'least' }],
  measure: bisect,
  verdicts,
};

function bisect(task: Task, variants: readonly Variant[], cache: ScenarioCache): Measured {
  const cell = CELLS[task.cell];
  if (!cell) throw new Error(`Workload A has no cell ${task.cell}.`);
  let low = 50;
  let high = (1200 * cell.devices) / cell.a;
  let knob = '';
  let order = [...variants];
  for (let step = 0; step < STEPS; step += 1) {
    const rps = (low + high) / 2;
    const scenario = cache.get(`${task.cell} ${rps}`, () => scenarioAt(cell, rps, task.seed));
    const passing = order.find((variant) => passes(scenario, variant.make(scenario), ON_TIME));
    if (!passing) {
      high = rps;
      continue;
    }
    low = rps;
    knob = passing.label;
    order = [passing, ...order.filter((variant) => variant !== passing)];
  }
  return { knob, figures: { rps: low } };
}

function scenarioAt(cell: Cell, rps: number, seed: number): Scenario {
  const { models, sloMs, shape } = cell;
  const each = Array.from({ length: models }, (_, i) => i);
  const streams = each.map((i) => ({ lane: i, tenant: i, rps: rps / models, sloMs, shape }));
  return scenarioOf({
    lanes: lanes(models, cell),
    tenants: tenantsOf(each.map(() => 1)),
    devices: devices(cell.devices),
    items: arrivalsOf(streams, seed, END_MS),
    seed,
    warmMs: 2000,
    endMs: END_MS,
  });
}

function verdicts(results: Results): Verdict[] {
  const list: Verdict[] = [];
  let above = 0;
  let cells = 0;
  for (const cell of Object.keys(CELLS)) {
    const ratios = results.ratios(cell, 'fairfit', CAPACITY_PEERS, 'rps');
    if (ratios.length === 0) continue;
    const verdict = atLeast(`A ${cell}: over the best peer`, ratios, 0.97);
    list.push(verdict);
    cells += 1;
    if (verdict.median > 1) above += 1;
  }
  if (cells > 0)
    list.push(atLeast(`A cells above all peers (median), of ${cells}`, [above], Math.floor(cells / 2) + 1));
  return list;
}
