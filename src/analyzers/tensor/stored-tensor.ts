import type { NamedTensor } from '../../inference/open-inference/named-tensor.js';
import { TENSOR_ARRAYS, type TensorType } from '../../inference/tensor.js';

/** A tensor inside the input or the result of a job. */
export interface StoredTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly number[];
  /** Little-endian, row-major. */
  readonly base64: string;
}

/** The stored form of a tensor. */
export function storeTensor({ name, type, dims, data }: NamedTensor): StoredTensor {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { name, type, dims, base64: bytes.toString('base64') };
}

/** The tensor again. */
export function loadTensor({ name, type, dims, base64 }: StoredTensor): NamedTensor {
  // A copy with a buffer of its own: typed arrays need an aligned start.
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  return { name, type, dims, data: new TENSOR_ARRAYS[type](bytes.buffer) };
}
