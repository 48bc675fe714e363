/**
 * The scheduler against the batching and the fair queueing of other serving systems, in simulated time.
 * Prints tables beside the bars and writes bench/out/scheduler.json.
 */
import fs from 'node:fs';
import { decisionCosts } from './cost/decision-costs.js';
import { printResults, printTable, printVerdicts } from './report/print.js';
import { Results } from './report/results.js';
import type { Verdict } from './report/verdict.js';
import { type BenchOptions, benchOptions, USAGE } from './run/options.js';
import { plan, policiesOf } from './run/plan.js';
import type { TaskResult } from './run/run-task.js';
import { runTasks } from './run/task-pool.js';
import type { Task } from './workloads/workload.js';

const OUT = 'bench/out/scheduler.json';

const options = readOptions();
const began = performance.now();
// First, alone: other threads would disturb the times.
const costs = options.hasCost ? decisionCosts(options.isQuick) : null;
const tasks = plan(options);
const answers = await runTasks(tasks, options.threads, (done) => showProgress(done, tasks.length));
const verdicts = report(options, tasks, answers);
if (costs) {
  printTable('Cost of a decision, microseconds', costs.rows);
  verdicts.push(...costs.verdicts);
}
printVerdicts(verdicts);
printTable('Seconds of computing by policy', secondsByPolicy(answers.flat()));
const tookS = (performance.now() - began) / 1000;
console.log(`\nTook ${tookS.toFixed(0)} s on ${options.threads} threads; figures in ${OUT}.`);
fs.mkdirSync('bench/out', { recursive: true });
const figures = tasks.map((task, i) => ({ ...task, policies: undefined, results: answers[i] }));
fs.writeFileSync(
  OUT,
  `${JSON.stringify({ options: process.argv.slice(2), tookS, verdicts, costs, figures }, null, 1)}\n`,
);

function readOptions(): BenchOptions {
  try {
    return benchOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}

function report(asked: BenchOptions, done: readonly Task[], all: readonly TaskResult[][]): Verdict[] {
  return asked.workloads.flatMap((workload) => {
    const results = new Results();
    const seeds = new Set<number>();
    done.forEach((task, i) => {
      if (task.workload !== workload.id) return;
      seeds.add(task.seed);
      for (const { policy, measured } of all[i] ?? []) results.add(task.cell, policy, measured);
    });
    printResults(workload, results, policiesOf(workload, asked), seeds.size);
    return workload.verdicts(results);
  });
}

function secondsByPolicy(all: readonly TaskResult[]): string[][] {
  const seconds = new Map<string, number>();
  for (const { policy, wallMs } of all) seconds.set(policy, (seconds.get(policy) ?? 0) + wallMs / 1000);
  const sorted = [...seconds].sort((a, b) => b[1] - a[1]);
  return sorted.map(([policy, s]) => [policy, s.toFixed(1)]);
}

function showProgress(done: number, of: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${of}`);
}
