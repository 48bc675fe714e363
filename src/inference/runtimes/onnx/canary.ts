import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from './session-options.js';
import type { Placement } from '../../engine/engine-operations.js';

// Runs in the probe process: erasable TypeScript only.

const BATCH_SIZE = 32;
const TIMED_RUNS = 9;

/** One model on one provider: median time of a run (ms) at batch 32 and its first output. */
export interface CanaryRun {
  readonly ms: number;
  readonly values: readonly number[];
}

/** Loads the model, runs it on a fixed pattern, releases it. Throws what the provider throws. */
export async function runCanary(file: string, placement: Placement): Promise<CanaryRun> {
  const session = await InferenceSession.create(file, sessionOptions(placement));
  try {
    const feeds = Object.fromEntries(session.inputMetadata.map((input) => [input.name, patternFor(input)]));
    const first = await session.run(feeds);
    const times: number[] = [];
    for (let i = 0; i < TIMED_RUNS; i++) {
      const started = performance.now();
      await session.run(feeds);
      times.push(performance.now() - started);
    }
    const output = first[session.outputNames[0] ?? ''];
    return { ms: times.sort((a, b) => a - b)[TIMED_RUNS >> 1] ?? 0, values: Array.from(output?.data ?? [], Number) };
  } finally {
    await session.release();
  }
}

function patternFor(input: InferenceSession.ValueMetadata): Tensor {
  if (!input.isTensor || (input.type !== 'uint8' && input.type !== 'float32')) {
    throw new Error(`the canary's input ${input.name} must be uint8 or float32`);
  }
  const dims = input.shape.map((dim, axis) => (typeof dim === 'number' ? dim : axis === 0 ? BATCH_SIZE : 1));
  const length = dims.reduce((product, dim) => product * dim, 1);
  return input.type === 'uint8'
    ? new Tensor(
        'uint8',
        Uint8Array.from({ length }, (_, i) => (i * 7919) % 256),
        dims,
      )
    : new Tensor(
        'float32',
        Float32Array.from({ length }, (_, i) => Math.sin(i)),
        dims,
      );
}
