import * as ort from 'onnxruntime-node';
import { modelPath } from './slugs.mjs';
import { startTfWasm } from './tf-wasm.mjs';
import { loadTfjs } from './tfjs-files.mjs';

const BATCH = 16;

/** Rows in groups of equal length, at most BATCH each; `run` answers one flat array per group. */
async function inBatches(rows, run) {
  const outputs = new Array(rows.length);
  const byLength = Map.groupBy(rows.keys(), (index) => rows[index].length);
  for (const [length, indices] of byLength) {
    for (let from = 0; from < indices.length; from += BATCH) {
      const part = indices.slice(from, from + BATCH);
      const flat = new rows[0].constructor(part.length * length);
      part.forEach((index, k) => flat.set(rows[index], k * length));
      const result = await run(flat, part.length);
      const each = result.length / part.length;
      part.forEach((index, k) => (outputs[index] = result.slice(k * each, (k + 1) * each)));
    }
  }
  return outputs;
}

/** The dimensions of a batch of flat rows; a null in the row shape is the free axis. */
function dimsOf(rowShape, flat, count) {
  const known = rowShape.reduce((product, size) => product * (size ?? 1), count);
  return [count, ...rowShape.map((size) => size ?? flat.length / known)];
}

/** Runs rows through `model.onnx` with ONNX Runtime; answers one Float32Array per row. */
export async function onnxRunner(slug, rowShape, type) {
  const session = await ort.InferenceSession.create(modelPath(slug, 'model.onnx'), { intraOpNumThreads: 1 });
  return (rows) =>
    inBatches(rows, async (flat, count) => {
      const { y } = await session.run({ x: new ort.Tensor(type, flat, dimsOf(rowShape, flat, count)) });
      return y.data;
    });
}

/** The same rows through `tfjs/` on the WASM backend. The layers model wants pixels scaled to 0..1. */
export async function tfjsRunner(slug, rowShape, type) {
  const tf = await startTfWasm();
  const model = await loadTfjs(tf, modelPath(slug, 'tfjs'));
  return (rows) =>
    inBatches(rows, async (flat, count) => {
      const values = type === 'uint8' ? Float32Array.from(flat, (byte) => byte / 255) : flat;
      return tf.tidy(() => model.predict(tf.tensor(values, dimsOf(rowShape, flat, count))).dataSync());
    });
}

/** The largest difference between two lists of outputs. */
export function largestDifference(left, right) {
  let largest = 0;
  left.forEach((values, n) =>
    values.forEach((value, i) => (largest = Math.max(largest, Math.abs(value - right[n][i])))),
  );
  return largest;
}
