import { SystemClock } from '../../src/common/clock.js';
import type { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import type {
  BatchProfile,
  InferenceBatch,
  InferenceBatchResult,
  LoadedModel,
} from '../../src/inference/inference-runtime.js';
import { OnnxRuntime } from '../../src/inference/runtimes/onnx/onnx-runtime.js';

const PROFILE: BatchProfile = { shapeBucket: 'default', a: 1, c: 5, samples: [{ size: 1, ms: 6 }] };

/**
 * The real runtime with a real engine on the CPU. It shows what it runs, and can hold batches back before they start. It
 * does not warm up: some of the small models refuse the values that a warm-up uses.
 */
export class WatchedOnnx extends OnnxRuntime {
  readonly running: InferenceBatch[] = [];
  /** All batches so far, oldest first. */
  readonly started: InferenceBatch[] = [];
  /** Batches start after this promise. */
  gate: Promise<void> = Promise.resolve();
  /** Batches at the gate. */
  waiting = 0;

  constructor(arena: TensorArena) {
    super(arena, { wanted: ['cpu'], canary: null, driverEnvironment: {} }, new SystemClock());
  }

  override async warmUp(_model: LoadedModel): Promise<readonly BatchProfile[]> {
    return [PROFILE];
  }

  override async run(batch: InferenceBatch): Promise<InferenceBatchResult> {
    this.started.push(batch);
    this.waiting++;
    await this.gate;
    this.waiting--;
    this.running.push(batch);
    try {
      return await super.run(batch);
    } finally {
      this.running.splice(this.running.indexOf(batch), 1);
    }
  }
}
