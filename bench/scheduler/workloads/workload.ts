import type { Scenario } from '../machine/scenario.js';
import type { Variant } from '../peers/registry.js';
import type { Results } from '../report/results.js';
import type { Verdict } from '../report/verdict.js';

/** Named numbers of one run. */
export type Figures = Readonly<Record<string, number>>;

/** The best value of a policy's knobs, with its figures. */
export interface Measured {
  readonly knob: string;
  readonly figures: Figures;
}

/** One line of work for a thread: all policies over one cell with one seed. */
export interface Task {
  readonly workload: string;
  readonly cell: string;
  readonly seed: number;
  readonly policies: readonly string[];
  readonly isQuick: boolean;
}

/** How a figure is shown: `worst` of several seeds is the least or the most. */
export interface Column {
  readonly figure: string;
  readonly title: string;
  readonly digits: number;
  readonly worst: 'least' | 'most';
}

/** One row of the benchmark's list of workloads. */
export interface Workload {
  readonly id: string;
  readonly title: string;
  readonly policies: readonly string[];
  /** No other policy can run it. */
  readonly isClosed?: boolean;
  readonly cells: readonly string[];
  /** Cells of a quick run; default all. */
  readonly quickCells?: readonly string[];
  readonly firstSeed: number;
  /** Most seeds, where one run takes long. */
  readonly maxSeeds?: number;
  readonly columns: readonly Column[];
  measure(task: Task, variants: readonly Variant[], scenarios: ScenarioCache): Measured;
  verdicts(results: Results): readonly Verdict[];
}

/** The scenarios of one task, made once for all policies. */
export class ScenarioCache {
  private readonly made = new Map<string, Scenario>();

  get(key: string, make: () => Scenario): Scenario {
    const known = this.made.get(key);
    if (known) return known;
    const scenario = make();
    this.made.set(key, scenario);
    return scenario;
  }
}
