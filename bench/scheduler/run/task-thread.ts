import { parentPort } from 'node:worker_threads';
import type { Task } from '../workloads/workload.js';
import { runTask } from './run-task.js';

/** A thread of the benchmark: one task in, its results out. */
parentPort?.on('message', (task: Task) => parentPort?.postMessage(runTask(task)));
