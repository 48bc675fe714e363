import { capacity } from './a-capacity.js';
import { overload } from './b-overload.js';
import { isolation } from './c-isolation.js';
import { weights } from './d-weights.js';
import { residency } from './e-residency.js';
import { beliefs, beliefsOverload } from './f-beliefs.js';
import { bursts } from './g-bursts.js';
import { deadlines } from './h-deadlines.js';
import { bands } from './i-bands.js';
import { undated } from './j-undated.js';
import { dearItems } from './k-dear-items.js';
import { rareFlood } from './l-rare-flood.js';
import { lightLoad } from './light-load.js';
import { faults } from './m-faults.js';
import { classes } from './n-classes.js';
import { scale } from './o-scale.js';
import { twoWorkers } from './p-two-workers.js';
import type { Workload } from './workload.js';

/** In the order in which they are printed. */
export const WORKLOADS: readonly Workload[] = [
  capacity,
  overload,
  isolation,
  weights,
  residency,
  lightLoad,
  beliefs,
  beliefsOverload,
  bursts,
  deadlines,
  bands,
  undated,
  dearItems,
  rareFlood,
  faults,
  classes,
  scale,
  twoWorkers,
];

export function workloadOf(id: string): Workload {
  const workload = WORKLOADS.find((candidate) => candidate.id.toLowerCase() === id.toLowerCase());
  if (!workload) throw new Error(`There is no workload ${id}; choose among ${WORKLOADS.map((w) => w.id).join(', ')}.`);
  return workload;
}
