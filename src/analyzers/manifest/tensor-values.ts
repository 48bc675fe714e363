import { TENSOR_ARRAYS, type TensorData, type TensorType } from '../../inference/tensor.js';
import { InputUnreadableError } from '../analyzer.js';

/** A tensor as a client sends it: nested or flat numbers, or base64 of little-endian values. */
export interface SentTensor {
  readonly shape: readonly number[];
  readonly data?: readonly unknown[];
  readonly base64?: string;
}

/** Range of each whole-number type; a value outside would silently become another one. */
const RANGES: Readonly<Partial<Record<TensorType, readonly [number, number]>>> = {
  uint8: [0, 255],
  int8: [-128, 127],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  bool: [0, 1],
};

/**
 * The values of a tensor that a client sent, `count` of them. Throws InputUnreadableError that names the tensor and the
 * place of the fault.
 */
export function tensorValues(name: string, type: TensorType, sent: SentTensor, count: number): TensorData {
  if (sent.base64 !== undefined) return fromBase64(name, type, sent.base64, count);
  const numbers: number[] = [];
  collect(name, sent.data ?? [], numbers, count, 0);
  if (numbers.length !== count) throw unreadable(name, `holds ${numbers.length} values, its shape needs ${count}`);
  const range = RANGES[type];
  if (range) {
    const at = numbers.findIndex((value) => !Number.isInteger(value) || value < range[0] || value > range[1]);
    if (at >= 0) throw unreadable(name, `holds ${numbers[at]} at ${at}, which is no ${type}`);
  }
  return type === 'int64' ? BigInt64Array.from(numbers, BigInt) : TENSOR_ARRAYS[type].from(numbers);
}

const MAX_DEPTH = 9;

function collect(name: string, list: readonly unknown[], into: number[], limit: number, depth: number): void {
  if (depth > MAX_DEPTH) throw unreadable(name, 'is nested deeper than its shape');
  for (const value of list) {
    if (Array.isArray(value)) collect(name, value as unknown[], into, limit, depth + 1);
    else if (typeof value === 'number' || typeof value === 'boolean') into.push(Number(value));
    else throw unreadable(name, `holds something that is no number at ${into.length}`);
    if (into.length > limit) throw unreadable(name, `holds more than the ${limit} values of its shape`);
  }
}

function fromBase64(name: string, type: TensorType, text: string, count: number): TensorData {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  const Elements = TENSOR_ARRAYS[type];
  if (bytes.length !== count * Elements.BYTES_PER_ELEMENT) {
    throw unreadable(name, `has ${bytes.length} bytes, its shape needs ${count * Elements.BYTES_PER_ELEMENT}`);
  }
  const values = new Elements(bytes.buffer);
  if ((values instanceof Float32Array || values instanceof Float64Array) && !values.every(Number.isFinite)) {
    throw unreadable(name, 'holds a value that is not a finite number');
  }
  if (type === 'bool' && bytes.some((value) => value > 1))
    throw unreadable(name, 'holds a byte that is neither 0 nor 1');
  return values;
}

function unreadable(name: string, what: string): InputUnreadableError {
  return new InputUnreadableError(`The input tensor "${name}" ${what}.`);
}
