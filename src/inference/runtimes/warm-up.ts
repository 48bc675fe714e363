import type { TensorArena } from '../arena/tensor-arena.js';
import type { BatchProfile } from '../inference-runtime.js';
import { InvalidInferenceError } from '../inference.errors.js';
import type { ModelVersion, TensorSignature } from '../model-version.js';
import { TENSOR_ARRAYS, type TensorMap, type TensorRows } from '../tensor.js';
import { type CostSample, fitCost, median } from './cost-fit.js';

const LADDER = [1, 2, 4, 8, 16, 32];
/** Runs of each size that count; one more before them compiles shaders and grows buffers. */
const KEPT_RUNS = 3;
/** Longest climb of one shape bucket; at least two sizes are measured whatever they take. */
const BUCKET_BUDGET_MS = 5_000;

/** Runs `rows` rows once, end to end (arena, engine, back). */
export type RunOnce = (inputs: TensorMap, rows: number) => Promise<void>;

/** Measures every shape bucket of a model over the ladder of batch sizes. */
export async function profileModel(model: ModelVersion, arena: TensorArena, run: RunOnce): Promise<BatchProfile[]> {
  const profiles: BatchProfile[] = [];
  for (const size of model.buckets?.sizes ?? [null]) {
    const inputs = await fillRows(model, size, arena);
    try {
      const samples = await climb(model, inputs, run);
      profiles.push({ shapeBucket: bucketName(model, size), ...fitCost(samples), samples });
    } finally {
      for (const { rows } of Object.values(inputs)) for (const row of rows) arena.free(row);
    }
  }
  return profiles;
}

/** Name of a shape bucket: the padded length; for pictures [height, width, channels] `<width>x<height>`. */
export function bucketName(model: Pick<ModelVersion, 'inputs'>, size: number | null): string {
  if (size !== null) return String(size);
  const shape = model.inputs[0]?.shape.slice(1) ?? [];
  return shape.length === 3 ? `${shape[1]}x${shape[0]}` : shape.join('x');
}

async function climb(model: ModelVersion, one: TensorMap, run: RunOnce): Promise<CostSample[]> {
  const samples: CostSample[] = [];
  const started = performance.now();
  for (const size of ladderOf(model)) {
    if (samples.length >= 2 && performance.now() - started > BUCKET_BUDGET_MS) break;
    const inputs = repeat(one, size);
    const times: number[] = [];
    for (let i = 0; i <= KEPT_RUNS; i++) {
      const before = performance.now();
      await run(inputs, size);
      if (i > 0) times.push(performance.now() - before);
    }
    samples.push({ size, ms: median(times) });
  }
  return samples;
}

/** Sizes 1, 2, 4 ... up to the model's largest batch; that size alone when the model fixes its first axis. */
function ladderOf(model: ModelVersion): number[] {
  const fixed = model.inputs[0]?.shape[0];
  return typeof fixed === 'number' ? [fixed] : LADDER.filter((size) => size <= model.maxBatchSize);
}

/** The same row many times: the engine gathers rows from anywhere, so one region is enough. */
function repeat(inputs: TensorMap, count: number): TensorMap {
  const entries = Object.entries(inputs).map(([name, tensor]): [string, TensorRows] => [
    name,
    { ...tensor, rows: Array.from({ length: count }, () => tensor.rows[0] as TensorRows['rows'][number]) },
  ]);
  return Object.fromEntries(entries);
}

async function fillRows(model: ModelVersion, size: number | null, arena: TensorArena): Promise<TensorMap> {
  const shapes = model.inputs.map((signature) => rowShapeOf(model, signature, size));
  const arrays = model.inputs.map((signature, i) => pattern(signature, shapes[i] ?? []));
  const handles = await arena.allocateAll(arrays.map((array) => array.byteLength));
  const entries = model.inputs.map(({ name, type }, i): [string, TensorRows] => {
    const row = handles[i] as TensorRows['rows'][number];
    arena.write(row, arrays[i] as Uint8Array);
    return [name, { type, rowShape: shapes[i] ?? [], rows: [row] }];
  });
  return Object.fromEntries(entries);
}

function rowShapeOf(model: ModelVersion, { name, shape }: TensorSignature, size: number | null): number[] {
  return shape.slice(1).map((dim, i) => {
    if (typeof dim === 'number') return dim;
    if (size !== null && model.buckets?.axis === i + 1) return size;
    throw new InvalidInferenceError(`axis ${i + 1} of ${name} in ${model.name} is symbolic and has no shape buckets`);
  });
}

/** Values that are neither all equal nor random: a profile must not depend on luck. */
function pattern({ type }: TensorSignature, shape: readonly number[]): ArrayBufferView {
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (type === 'int64') return BigInt64Array.from({ length: count }, (_, i) => BigInt(i % 2));
  const isFloat = type === 'float32' || type === 'float64';
  const value = (i: number) => (isFloat ? Math.sin(i) : type === 'uint8' ? (i * 7919) % 256 : i % 2);
  const array = new TENSOR_ARRAYS[type](count);
  for (let i = 0; i < count; i++) array[i] = value(i);
  return array;
}
