import type { TensorArena } from '../arena/tensor-arena.js';
import type { ModelVersion, TensorSignature } from '../model-version.js';
import { TENSOR_ARRAYS, type TensorData, type TensorMap, type TensorRows } from '../tensor.js';
import type { ExpectedTensor } from './match-signature.js';

/** What a row is filled with. */
export type Filling = 'zeros' | 'random' | 'minimum' | 'maximum';
export const FILLINGS: readonly Filling[] = ['zeros', 'random', 'minimum', 'maximum'];

const DEFAULT_RANGE = { float: [-1, 1], uint8: [0, 255], other: [0, 1] } as const;

/** Rows for one item, made in the arena; the caller frees them. Random ones are the same in every admission. */
export async function quarantineRows(
  model: ModelVersion,
  expected: readonly ExpectedTensor[],
  filling: Filling,
  count: number,
  arena: TensorArena,
): Promise<TensorMap> {
  const entries: [string, TensorRows][] = [];
  for (const signature of model.inputs) {
    const range = rangeOf(signature, expected);
    const rowShape = signature.shape.slice(1).map(Number);
    const elements = rowShape.reduce((product, dim) => product * dim, 1);
    const rows = [];
    for (let row = 0; row < count; row++) {
      const values = filled(signature, elements, filling, range, row);
      const handle = await arena.allocate(values.byteLength);
      arena.write(handle, values);
      rows.push(handle);
    }
    entries.push([signature.name, { type: signature.type, rowShape, rows }]);
  }
  return Object.fromEntries(entries);
}

/** One of the rows alone. */
export function rowOf(inputs: TensorMap, row: number): TensorMap {
  const entries = Object.entries(inputs).map(([name, tensor]) => [
    name,
    { ...tensor, rows: tensor.rows.slice(row, row + 1) },
  ]);
  return Object.fromEntries(entries) as TensorMap;
}

export function freeRows(inputs: TensorMap, arena: TensorArena): void {
  for (const { rows } of Object.values(inputs)) for (const row of rows) arena.free(row);
}

/** Bytes of one row over all inputs. */
export function rowBytesOf(model: ModelVersion): number {
  return model.inputs.reduce(
    (sum, { type, shape }) =>
      sum +
      shape.slice(1).reduce<number>((product, dim) => product * Number(dim), TENSOR_ARRAYS[type].BYTES_PER_ELEMENT),
    0,
  );
}

function rangeOf({ name, type }: TensorSignature, expected: readonly ExpectedTensor[]): readonly [number, number] {
  const { minimum, maximum } = expected.find((tensor) => tensor.name === name) ?? {};
  const kind = type === 'float32' || type === 'float64' ? 'float' : type === 'uint8' ? 'uint8' : 'other';
  const [low, high] = DEFAULT_RANGE[kind];
  return [minimum ?? low, maximum ?? high];
}

function filled(
  { type }: TensorSignature,
  count: number,
  filling: Filling,
  [low, high]: readonly [number, number],
  seed: number,
): TensorData {
  const isWhole = type !== 'float32' && type !== 'float64';
  const random = generator(seed + 1);
  const value = (): number => {
    if (filling === 'zeros') return 0;
    if (filling === 'minimum') return low;
    if (filling === 'maximum') return high;
    const drawn = low + random() * (high - low);
    return isWhole ? Math.floor(drawn) : drawn;
  };
  if (type === 'int64') return BigInt64Array.from({ length: count }, () => BigInt(Math.trunc(value())));
  const values = new TENSOR_ARRAYS[type](count);
  for (let i = 0; i < count; i++) values[i] = value();
  return values;
}

/** Mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c: small, seeded, good enough here. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
