import type { Scenario } from '../machine/scenario.js';
import { type Score, scoreOf } from '../machine/score.js';
import type { Variant } from '../peers/registry.js';
import type { Figures, Measured, ScenarioCache, Task, Workload } from './workload.js';

/** A workload in which each cell is one scenario and every policy is scored over it. */
export interface ScoredFacts extends Omit<Workload, 'measure' | 'cells'> {
  readonly scenarios: Readonly<Record<string, (seed: number, isQuick: boolean) => Scenario>>;
  figures(score: Score, scenario: Scenario): Figures;
  /** The figure by which the best value of a knob is chosen. */
  readonly rank: string;
  /** Figures of which the best over all knob values is kept beside, as `best` + name. */
  readonly peaks?: readonly string[];
}

export function scoredWorkload(facts: ScoredFacts): Workload {
  const { scenarios, figures, rank, peaks = [], ...rest } = facts;
  return {
    ...rest,
    cells: Object.keys(scenarios),
    measure: (task: Task, variants: readonly Variant[], cache: ScenarioCache) => {
      const make = scenarios[task.cell];
      if (!make) throw new Error(`Workload ${facts.id} has no cell ${task.cell}.`);
      const scenario = cache.get(task.cell, () => make(task.seed, task.isQuick));
      const all = variants.map((variant) => ({
        knob: variant.label,
        figures: figures(scoreOf(scenario, variant.make(scenario)), scenario),
      }));
      return best(all, rank, peaks);
    },
  };
}

function best(all: readonly Measured[], rank: string, peaks: readonly string[]): Measured {
  const chosen = all.reduce((top, other) => ((other.figures[rank] ?? 0) > (top.figures[rank] ?? 0) ? other : top));
  const kept = peaks.map((name) => [`best ${name}`, Math.max(...all.map(({ figures }) => figures[name] ?? 0))]);
  return { knob: chosen.knob, figures: { ...chosen.figures, ...Object.fromEntries(kept) } };
}
