import { fileURLToPath } from 'node:url';
import type { RuntimeUnderTest } from '../../src/inference/inference-runtime.conformance.js';
import { ShippedModels } from '../../src/inference/models/shipped-models.js';
import type { ModelVersion } from '../../src/inference/model-version.js';
import type { OnnxRuntimeOptions } from '../../src/inference/runtimes/onnx/onnx-runtime.js';
import { graphModelVersion } from './graph-models.js';
import { InferenceRig } from './inference-rig.js';
import { smallModel } from './small-models.js';
import { TensorflowRig } from './tensorflow-rig.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/models', import.meta.url));
/** Tensor cores round float32 to 10 bits of mantissa, and the kernels differ by batch size. */
const CUDA_TOLERANCE = 1e-2;

/** ONNX Runtime with the models of the suite, on the first device of the search. Throws why there is none. */
export async function onnxUnderTest(search?: OnnxRuntimeOptions): Promise<RuntimeUnderTest> {
  const rig = new InferenceRig(search);
  const { devices, unavailable } = await rig.runtime.describe();
  const [device] = devices;
  if (!device) {
    await rig.close();
    throw new Error(unavailable.map(({ what, why }) => `${what}: ${why}`).join('; '));
  }
  const shapes = new ShippedModels(FIXTURES).byName('shapes');
  const models = suiteModels(shapes, (kind) => smallModel(kind, rig.directory));
  const tolerance = device.kind === 'cuda' ? { tolerance: CUDA_TOLERANCE } : {};
  const { runtime, arena } = rig;
  return { runtime, arena, device, provider: device.kind, ...tolerance, models, close: () => rig.close() };
}

/** TensorFlow.js on WASM with the models of the suite. */
export async function tensorflowUnderTest(): Promise<RuntimeUnderTest> {
  const rig = new TensorflowRig();
  const shapes = new ShippedModels(FIXTURES, ['tensorflow']).byName('shapes');
  const models = suiteModels(shapes, (kind) => graphModelVersion(kind, rig.directory));
  const { runtime, arena, device } = rig;
  return { runtime, arena, device, provider: 'wasm', models, close: () => rig.close() };
}

function suiteModels(shapes: ModelVersion, small: (kind: 'double' | 'log' | 'first') => ModelVersion) {
  const double = small('double');
  const misdescribed = {
    ...double,
    id: double.id.replace(/^.{8}/, '00000000'),
    outputs: double.outputs.map((output) => ({ ...output, name: 'z' })),
  };
  return { shapes, double, log: small('log'), first: small('first'), misdescribed };
}
