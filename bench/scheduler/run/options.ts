import os from 'node:os';
import { parseArgs } from 'node:util';
import { WORKLOADS, workloadOf } from '../workloads/all.js';
import { variantsOf } from '../workloads/policies.js';
import type { Workload } from '../workloads/workload.js';

export const USAGE = `Usage: npm run bench:scheduler -- [--quick] [--workload C,E] [--policy fairfit,nexus] [--seeds 5] [--threads 2]
  --quick     one seed, fewer cells and knob values; within a minute
  --workload  ${WORKLOADS.map(({ id }) => id).join(', ')}, cost (default all)
  --policy    narrows every workload to these policies
  --seeds     seeds per cell (default 5; quick 1)
  --threads   default: one per core`;

/** What a run of the benchmark was asked to do. */
export interface BenchOptions {
  readonly isQuick: boolean;
  readonly workloads: readonly Workload[];
  /** Measure what a decision costs. */
  readonly hasCost: boolean;
  /** Empty = those of each workload. */
  readonly policies: readonly string[];
  readonly seeds: number;
  readonly threads: number;
}

/** @throws Error that names the choices when a workload or a policy does not exist */
export function benchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      workload: { type: 'string' },
      policy: { type: 'string' },
      seeds: { type: 'string' },
      threads: { type: 'string' },
    },
  });
  const ids = split(values.workload);
  const policies = split(values.policy);
  for (const policy of policies) variantsOf(policy, true);
  const named = ids.filter((id) => id !== 'cost').map(workloadOf);
  return {
    isQuick: values.quick,
    workloads: ids.length > 0 ? named : WORKLOADS,
    hasCost: ids.length === 0 ? policies.length === 0 : ids.includes('cost'),
    policies,
    seeds: count(values.seeds, values.quick ? 1 : 5),
    threads: count(values.threads, os.availableParallelism()),
  };
}

function split(list: string | undefined): string[] {
  return (list ?? '').split(',').filter(Boolean);
}

function count(text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a count; give a whole number from 1.`);
  return value;
}
