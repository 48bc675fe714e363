import { SystemClock } from '../../dist/src/common/clock.js';
import { loadConfig } from '../../dist/src/config/config.js';
import { TensorArena } from '../../dist/src/inference/arena/tensor-arena.js';
import { ShippedModels } from '../../dist/src/inference/models/shipped-models.js';
import { OnnxRuntime } from '../../dist/src/inference/runtimes/onnx/onnx-runtime.js';

const ARENA_BYTES = 64 * 2 ** 20;
/** Far above any run here. */
const DEADLINE_MS = 60_000;

/** The product's ONNX runtime with its arena and engine process, without the rest of the platform. */
export class Rig {
  arena = TensorArena.create(ARENA_BYTES);
  models = new ShippedModels(loadConfig({}).storage.modelsDir);
  runtime = new OnnxRuntime(this.arena, { wanted: ['cpu'], canary: null, driverEnvironment: {} }, new SystemClock());
  device = { id: 'cpu:0', kind: 'cpu', type: 'CPU' };

  load(name) {
    return this.runtime.load(this.models.byName(name), this.device);
  }

  /** One-row items of this model in the arena; they stay there. */
  async items(model, inputs) {
    const [{ name, type }] = model.inputs;
    return Promise.all(
      inputs.map(async ({ values, rowShape }, i) => {
        const row = await this.arena.allocate(values.byteLength);
        this.arena.write(row, values);
        return { ref: String(i), inputs: { [name]: { type, rowShape, rows: [row] } } };
      }),
    );
  }

  run(model, items) {
    return this.runtime.run({ id: 'bench', model, items, deadlineMs: DEADLINE_MS });
  }

  enginePid() {
    return this.runtime.enginePids().get(this.device.id);
  }

  async close() {
    await this.runtime.close();
    this.arena.close();
  }
}

/** Rows that look like what the model gets: pixels, or a wave. @param bucket length of a signal */
export function sampleRows(model, count, bucket = 1_024) {
  const [{ type, shape }] = model.inputs;
  const rowShape = shape.slice(1).map((dim) => (typeof dim === 'number' ? dim : bucket));
  const length = rowShape.reduce((product, dim) => product * dim, 1);
  return Array.from({ length: count }, (_, row) => ({
    rowShape,
    values:
      type === 'uint8'
        ? Uint8Array.from({ length }, (_, i) => (i * 31 + row * 97 + ((i >> 7) * 13) ** 2) % 256)
        : Float32Array.from({ length }, (_, i) => Math.sin(i / 9 + row) + Math.sin(i / 70)),
  }));
}
