import type { NamedTensor } from '../../inference/open-inference/named-tensor.js';
import type { RowHandle, TensorMap, TensorRows } from '../../inference/tensor.js';
import { InputUnreadableError, type PrepareContext } from '../analyzer.js';

/**
 * Copies tensors into the arena, row by row. All of them are asked for at once: jobs that hold some rows while they wait
 * for others could wait for each other. Throws InputUnreadableError for a tensor that is not whole rows.
 */
export async function placeTensors(tensors: readonly NamedTensor[], context: PrepareContext): Promise<TensorMap> {
  const rows = tensors.map(rowsOf);
  const handles = await context.tensorRows(rows.flat());
  let first = 0;
  const entries = tensors.map(({ name, type, dims }, i): [string, TensorRows] => {
    const count = rows[i]?.length ?? 0;
    const own: readonly RowHandle[] = handles.slice(first, first + count);
    first += count;
    return [name, { type, rowShape: dims.slice(1), rows: own }];
  });
  return Object.fromEntries(entries);
}

function rowsOf({ name, dims, data }: NamedTensor): ArrayBufferView[] {
  const count = dims[0] ?? 0;
  const length = data.length / count;
  if (!Number.isInteger(length)) throw new InputUnreadableError(`${name} cannot be cut into ${count} rows.`);
  return Array.from({ length: count }, (_, row) => data.subarray(row * length, (row + 1) * length));
}
