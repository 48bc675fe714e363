import type { Job } from '../job.js';
import type { PinnedStep, RerunPin } from '../rerun.js';
import type { Execution } from '../transition.js';
import { factsOf } from './verdict.js';

/** What a rerun of a job that succeeded is held to: the model and the result of its end, the facts of its receipts. */
export function pinOf(job: Job, resultDigest: string): RerunPin {
  const model = job.rows.end?.model;
  const receipt = job.transitions.findLast((t) => t.execution)?.execution;
  if (!model || !receipt) throw new Error(`job ${job.rows.id} succeeded without a receipt`);
  const { deviceType, batchSize } = receipt;
  const steps = stepsOf(job);
  return { model, resultDigest, deviceType, batchSize, ...(steps.length > 0 ? { steps } : {}) };
}

/** The steps of the attempt that succeeded; none for an analyzer with one model. */
function stepsOf({ transitions, attempt }: Job): PinnedStep[] {
  const receipts: Execution[][] = [];
  for (const t of transitions) {
    if (t.attempt !== attempt || !t.execution || !t.step) continue;
    (receipts[t.step.number - 1] ??= []).push(t.execution);
  }
  return receipts.map((own) => ({ model: own[0]!.model, ...factsOf(own) }));
}
