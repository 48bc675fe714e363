import { workloadOf } from '../workloads/all.js';
import { variantsOf } from '../workloads/policies.js';
import { type Measured, ScenarioCache, type Task } from '../workloads/workload.js';

/** What one policy gave in a task, and how long it took. */
export interface TaskResult {
  readonly policy: string;
  readonly measured: Measured;
  readonly wallMs: number;
}

/** Measures every policy of the task over the same scenarios. */
export function runTask(task: Task): TaskResult[] {
  const workload = workloadOf(task.workload);
  const cache = new ScenarioCache();
  return task.policies.map((policy) => {
    const began = performance.now();
    const measured = workload.measure(task, variantsOf(policy, task.isQuick), cache);
    return { policy, measured, wallMs: performance.now() - began };
  });
}
