import type { Job } from '../job.js';
import type { RerunPin } from '../rerun.js';

/** What a rerun of a job that succeeded is held to: the model and the result of its end, the facts of its last receipt. */
export function pinOf(job: Job, resultDigest: string): RerunPin {
  const model = job.rows.end?.model;
  const receipt = job.transitions.findLast((t) => t.execution)?.execution;
  if (!model || !receipt) throw new Error(`job ${job.rows.id} succeeded without a receipt`);
  const { deviceType, batchSize } = receipt;
  return { model, resultDigest, deviceType, batchSize };
}
