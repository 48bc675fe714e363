import type { Task, Workload } from '../workloads/workload.js';
import type { BenchOptions } from './options.js';

/** The policies of a workload that the run was asked for. */
export function policiesOf(workload: Workload, options: BenchOptions): readonly string[] {
  if (options.policies.length === 0) return workload.policies;
  return options.policies.filter((policy) => !workload.isClosed || workload.policies.includes(policy));
}

/** All tasks of a run: each cell of each workload with each seed. */
export function plan(options: BenchOptions): Task[] {
  return options.workloads.flatMap((workload) => {
    const cells = options.isQuick ? (workload.quickCells ?? workload.cells) : workload.cells;
    const seeds = Math.min(options.seeds, workload.maxSeeds ?? Infinity);
    return cells.flatMap((cell) =>
      Array.from({ length: seeds }, (_, i) => ({
        workload: workload.id,
        cell,
        seed: workload.firstSeed + i,
        policies: policiesOf(workload, options),
        isQuick: options.isQuick,
      })),
    );
  });
}
