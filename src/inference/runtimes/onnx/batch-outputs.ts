import type { RunOutput } from '../../engine/engine-operations.js';
import { InvalidInferenceError } from '../../inference.errors.js';
import type { ModelVersion, TensorSignature } from '../../model-version.js';
import { type OutputMap, type OutputTensor, TENSOR_ARRAYS, type TensorData } from '../../tensor.js';
import { fits } from './batch-feeds.js';

/** The bytes of an output that came through the arena. */
export type ReadRoom = (at: number, bytes: number) => Uint8Array<ArrayBuffer>;

/**
 * Checks every output of a run and gives each item its own rows. A wrong first axis, rank or type or a value that is not
 * finite fails the whole batch: nobody can tell whose row is whose. Throws InvalidInferenceError.
 */
export function batchOutputs(
  model: ModelVersion,
  outputs: readonly RunOutput[],
  itemRows: readonly number[],
  readRoom: ReadRoom,
): OutputMap[] {
  const rows = itemRows.reduce((sum, count) => sum + count, 0);
  const whole = model.outputs.map((signature) => {
    const output = outputs.find(({ name }) => name === signature.name);
    if (!output) throw new InvalidInferenceError(`${model.name} gave no output ${signature.name}`);
    return { name: signature.name, tensor: checked(model, signature, output, rows, readRoom) };
  });
  let first = 0;
  return itemRows.map((count) => {
    const own = whole.map(({ name, tensor }) => [name, slice(tensor, first, count)] as const);
    first += count;
    return Object.fromEntries(own);
  });
}

function checked(
  model: ModelVersion,
  signature: TensorSignature,
  output: RunOutput,
  rows: number,
  readRoom: ReadRoom,
): OutputTensor {
  const { name, type, shape } = signature;
  const { dims } = output;
  if (output.type !== type || dims[0] !== rows || !fits(dims, shape)) {
    throw new InvalidInferenceError(
      `${model.name} gave ${name} as ${output.type} [${dims.join(', ')}] for ${rows} rows; its signature says ${type} [${shape.join(', ')}]`,
    );
  }
  const Elements = TENSOR_ARRAYS[type];
  const count = dims.reduce((product, dim) => product * dim, 1);
  const data = output.data ?? new Elements(readRoom(output.at, count * Elements.BYTES_PER_ELEMENT).buffer);
  if (data.length !== count) throw new InvalidInferenceError(`${model.name} gave ${data.length} values in ${name}`);
  if ((type === 'float32' || type === 'float64') && !allFinite(data)) {
    throw new InvalidInferenceError(`${model.name} gave a value in ${name} that is not a finite number`);
  }
  return { type, dims, data };
}

/** By index: an iterator takes ten times as long, more than the whole rest of the split. */
function allFinite(data: TensorData): boolean {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return false;
  return true;
}

function slice({ type, dims, data }: OutputTensor, first: number, count: number): OutputTensor {
  const perRow = data.length / (dims[0] ?? 1);
  return { type, dims: [count, ...dims.slice(1)], data: data.slice(first * perRow, (first + count) * perRow) };
}
