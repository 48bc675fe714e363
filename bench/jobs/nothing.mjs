import { InferenceRuntime } from '../../dist/src/inference/inference-runtime.js';
import { RESULT } from './sample-job.mjs';

const CPU = { id: 'cpu:0', kind: 'cpu', type: 'CPU' };

/** A model that is no model. */
export const NOTHING_MODEL = {
  id: '01940000-0000-7000-8000-000000000001',
  name: 'surface-net',
  version: '1.0.0',
  digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
  tenantId: null,
  runtime: 'onnx',
  file: 'nothing.onnx',
  sizeBytes: 1,
  inputs: [],
  outputs: [],
  maxBatchSize: 32,
  buckets: null,
};

/** Prepares nothing, and interprets nothing as a result of the usual size. */
export const NOTHING_ANALYZER = {
  definition: { slug: 'surface-inspection', version: '1.0.0', model: NOTHING_MODEL.name },
  prepare: async () => ({ shapeBucket: 'nothing', tensors: {}, memo: null }),
  interpret: () => RESULT,
};

/** A device that answers every inference batch at once. */
export class NothingRuntime extends InferenceRuntime {
  name = 'onnx';

  async describe() {
    return { runtime: this.name, version: '0', devices: [CPU], unavailable: [] };
  }

  async load(modelVersion, device) {
    return { modelVersion, device, loadMs: 0 };
  }

  async warmUp() {
    const samples = [1, 8, 32].map((size) => ({ size, ms: 1 }));
    return [{ shapeBucket: 'nothing', a: 0.01, c: 0.5, samples }];
  }

  async run({ items, model }) {
    return { outputs: items.map(() => ({})), deviceMs: 0.5, device: model.device, provider: 'nothing' };
  }

  async unload() {}

  async close() {}
}
