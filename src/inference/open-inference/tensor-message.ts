import { z } from 'zod';
import { bytesOf } from '../arena/file-bytes.js';
import { TENSOR_ARRAYS, type TensorData } from '../tensor.js';
import { dataOf, datatypeOf, elementCount, type NamedTensor, typeOfDatatype, valuesOf } from './named-tensor.js';

/** Length of the JSON part of a body with the binary tensor extension, in bytes. */
export const HEADER_LENGTH = 'inference-header-content-length';

/** A message of the protocol that breaks its rules; the text says which and where. */
export class BrokenMessageError extends Error {}

const tensorEntry = z.looseObject({
  name: z.string().min(1).max(256),
  datatype: z.string().max(16),
  shape: z.array(z.int().min(0)).max(16),
  parameters: z.looseObject({ binary_data_size: z.int().min(0).optional() }).optional(),
  data: z.unknown().optional(),
});

/** A body in its two parts: the JSON, and the raw tensors behind it. */
export interface SplitBody {
  readonly json: unknown;
  readonly tail: Uint8Array;
}

/** Cuts a body. Without the header all of it is JSON. Throws BrokenMessageError. */
export function splitBody(headerLength: string | undefined, body: Uint8Array): SplitBody {
  if (headerLength !== undefined && !/^\d{1,10}$/.test(headerLength)) {
    throw new BrokenMessageError('Inference-Header-Content-Length is not a number of bytes');
  }
  const length = headerLength === undefined ? body.length : Number(headerLength);
  if (length > body.length) {
    throw new BrokenMessageError(`Inference-Header-Content-Length is ${length}, and the body has ${body.length} bytes`);
  }
  try {
    return { json: JSON.parse(Buffer.from(body.subarray(0, length)).toString('utf8')), tail: body.subarray(length) };
  } catch {
    throw new BrokenMessageError('the JSON part of the body is not JSON');
  }
}

/** Reads the entries of `inputs` or `outputs`, in their order. Throws BrokenMessageError. */
export function readTensors(list: unknown, tail: Uint8Array): NamedTensor[] {
  const parsed = z.array(tensorEntry).max(256).safeParse(list);
  if (!parsed.success) throw new BrokenMessageError(`the list of tensors is broken: ${z.prettifyError(parsed.error)}`);
  let at = 0;
  const tensors = parsed.data.map(({ name, datatype, shape, parameters, data }) => {
    const type = typeOfDatatype(datatype);
    if (!type) throw new BrokenMessageError(`the datatype ${datatype} of ${name} is not served`);
    const size = parameters?.binary_data_size;
    const count = elementCount(shape);
    if (!Number.isSafeInteger(count)) throw new BrokenMessageError(`${name} has more elements than there can be`);
    if (size === undefined) return { name, type, dims: shape, data: fromJson(name, type, data, count) };
    if (size !== count * TENSOR_ARRAYS[type].BYTES_PER_ELEMENT || at + size > tail.length) {
      throw new BrokenMessageError(
        `${name} [${shape.join(', ')}] ${datatype} has ${size} bytes; ${tail.length - at} follow`,
      );
    }
    // A copy with a buffer of its own: typed arrays need an aligned start, and slices of a Buffer share their pool.
    const copy = Uint8Array.from(tail.subarray(at, at + size));
    at += size;
    return { name, type, dims: shape, data: new TENSOR_ARRAYS[type](copy.buffer) as TensorData };
  });
  if (at !== tail.length) throw new BrokenMessageError(`${tail.length - at} bytes follow the last tensor`);
  return tensors;
}

/** The entries of `inputs` or `outputs` and what follows the JSON, in their order. */
export function writeTensors(
  tensors: readonly NamedTensor[],
  isBinary: (name: string) => boolean,
): { readonly entries: readonly object[]; readonly parts: readonly Uint8Array[] } {
  const parts: Uint8Array[] = [];
  const entries = tensors.map((tensor) => {
    const { name, type, dims, data } = tensor;
    const entry = { name, datatype: datatypeOf(type), shape: dims };
    if (!isBinary(name)) return { ...entry, data: valuesOf(tensor) };
    parts.push(bytesOf(data));
    return { ...entry, parameters: { binary_data_size: data.byteLength } };
  });
  return { entries, parts };
}

function fromJson(name: string, type: NamedTensor['type'], data: unknown, count: number): TensorData {
  const flat: unknown[] = Array.isArray(data) ? (data.flat(Infinity) as unknown[]) : [];
  if (flat.length !== count) {
    throw new BrokenMessageError(`${name} has ${flat.length} values for a shape of ${count} elements`);
  }
  const values = dataOf(type, flat);
  if (!values) throw new BrokenMessageError(`a value of ${name} is not ${datatypeOf(type)}`);
  return values;
}
