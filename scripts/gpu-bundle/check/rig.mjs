import path from 'node:path';
import { SystemClock } from '../../../dist/src/common/clock.js';
import { TensorArena } from '../../../dist/src/inference/arena/tensor-arena.js';
import { ShippedModels } from '../../../dist/src/inference/models/shipped-models.js';
import { OnnxRuntime } from '../../../dist/src/inference/runtimes/onnx/onnx-runtime.js';
import { TensorflowRuntime } from '../../../dist/src/inference/runtimes/tensorflow/tensorflow-runtime.js';
import { driverEnvironment } from './drivers.mjs';

const ARENA_BYTES = 32 * 2 ** 20;
const CANARY = 'surface-net';

/** How the platform looks for devices of ONNX Runtime. @param wanted kinds; null = whatever serves better than the CPU */
export function onnxSearch(root, wanted) {
  const canary = new ShippedModels(path.join(root, 'models')).byName(CANARY).file;
  return { wanted, canary, driverEnvironment: driverEnvironment(root) };
}

/** A runtime of the product with its arena and the models that ship, without the rest of the platform. */
export class Rig {
  arena = TensorArena.create(ARENA_BYTES);

  /** @param runtime `onnx` or `tensorflow` */
  constructor(root, runtime, wanted) {
    this.models = new ShippedModels(path.join(root, 'models'), [runtime]);
    const search = onnxSearch(root, wanted);
    const Adapter = runtime === 'onnx' ? OnnxRuntime : TensorflowRuntime;
    this.runtime = new Adapter(this.arena, search, new SystemClock());
  }

  async close() {
    await this.runtime.close();
    this.arena.close();
  }
}
