import { Worker } from 'node:worker_threads';
import type { Task } from '../workloads/workload.js';
import type { TaskResult } from './run-task.js';

/**
 * Runs the tasks over `threads` threads. The figures do not depend on their number.
 * @returns the results in the order of the tasks
 */
export async function runTasks(
  tasks: readonly Task[],
  threads: number,
  onDone: (done: number) => void,
): Promise<TaskResult[][]> {
  const results: TaskResult[][] = [];
  let next = 0;
  let done = 0;
  const drain = async () => {
    const worker = new Worker(new URL('./task-thread.js', import.meta.url));
    try {
      for (let index = next++; index < tasks.length; index = next++) {
        results[index] = await answerOf(worker, tasks[index] as Task);
        done += 1;
        onDone(done);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, tasks.length) }, drain));
  return results;
}

function answerOf(worker: Worker, task: Task): Promise<TaskResult[]> {
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, results?: TaskResult[]) => {
      worker.off('message', onMessage);
      worker.off('error', settle);
      if (results) resolve(results);
      else reject(new Error(`${task.workload} ${task.cell} failed: ${error?.message}`, { cause: error }));
    };
    const onMessage = (results: TaskResult[]) => settle(null, results);
    worker.on('message', onMessage);
    worker.on('error', settle);
    worker.postMessage(task);
  });
}
