import type { Feed } from '../../engine/engine-operations.js';
import type { InferenceBatchItem } from '../../inference-runtime.js';
import { InvalidInferenceError } from '../../inference.errors.js';
import type { ModelVersion, TensorSignature } from '../../model-version.js';
import { TENSOR_ARRAYS, type TensorRows } from '../../tensor.js';

/** The inputs of an inference batch, ready to be gathered by an engine. */
export interface BatchFeeds {
  readonly feeds: readonly Feed[];
  /** Rows of each item, in the order of the items. */
  readonly itemRows: readonly number[];
  readonly rows: number;
}

/** Checks the rows of all items against the model's signature and lines them up. Throws InvalidInferenceError. */
export function batchFeeds(model: ModelVersion, items: readonly InferenceBatchItem[]): BatchFeeds {
  const itemRows = items.map((item) => rowCount(model, item));
  const rows = itemRows.reduce((sum, count) => sum + count, 0);
  if (rows === 0) throw new InvalidInferenceError('an inference batch needs at least one row');
  if (rows > model.maxBatchSize) {
    throw new InvalidInferenceError(`${rows} rows exceed the largest batch of ${model.name}, ${model.maxBatchSize}`);
  }
  return { feeds: model.inputs.map((signature) => feedOf(signature, items, rows)), itemRows, rows };
}

function rowCount(model: ModelVersion, item: InferenceBatchItem): number {
  const counts = model.inputs.map(({ name }) => {
    const tensor = item.inputs[name];
    if (!tensor) throw new InvalidInferenceError(`the input ${name} of ${model.name} is missing`);
    return tensor.rows.length;
  });
  if (new Set(counts).size !== 1)
    throw new InvalidInferenceError('every input of an item needs the same number of rows');
  return counts[0] ?? 0;
}

function feedOf(signature: TensorSignature, items: readonly InferenceBatchItem[], rows: number): Feed {
  const tensors = items.map((item) => item.inputs[signature.name] as TensorRows);
  const rowShape = tensors[0]?.rowShape ?? [];
  const rowBytes = rowShape.reduce((size, dim) => size * dim, TENSOR_ARRAYS[signature.type].BYTES_PER_ELEMENT);
  for (const tensor of tensors) {
    if (tensor.type !== signature.type || tensor.rowShape.join() !== rowShape.join()) {
      throw new InvalidInferenceError(
        `all rows of ${signature.name} must be ${signature.type} [${rowShape.join(', ')}]`,
      );
    }
    if (tensor.rows.some((row) => row.bytes < rowBytes)) {
      throw new InvalidInferenceError(`a row of ${signature.name} is shorter than its shape`);
    }
  }
  const dims = [rows, ...rowShape];
  if (!fits(dims, signature.shape)) {
    throw new InvalidInferenceError(
      `${signature.name} takes [${signature.shape.join(', ')}] and got [${dims.join(', ')}]`,
    );
  }
  const offsets = tensors.flatMap((tensor) => tensor.rows.map((row) => row.offset));
  return { name: signature.name, type: signature.type, dims, rowBytes, offsets };
}

/** True when the rank and every fixed dimension agree; symbolic axes take any size. */
export function fits(dims: readonly number[], shape: readonly (number | string)[]): boolean {
  return dims.length === shape.length && shape.every((want, axis) => typeof want === 'string' || want === dims[axis]);
}
