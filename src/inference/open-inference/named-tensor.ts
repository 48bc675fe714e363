import { TENSOR_ARRAYS, type TensorData, type TensorType } from '../tensor.js';

/** A tensor with its name, as a message carries it: row-major. */
export interface NamedTensor {
  readonly name: string;
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** Element types of the Open Inference Protocol that Maru speaks; FP16, BYTES and the other integers are refused. */
const DATATYPES = {
  float32: 'FP32',
  float64: 'FP64',
  uint8: 'UINT8',
  int8: 'INT8',
  int32: 'INT32',
  int64: 'INT64',
  bool: 'BOOL',
} as const satisfies Record<TensorType, string>;

const TYPES = new Map<string, TensorType>(
  Object.entries(DATATYPES).map(([type, datatype]) => [datatype, type as TensorType]),
);

/** The protocol's name of an element type. */
export function datatypeOf(type: TensorType): string {
  return DATATYPES[type];
}

/** The element type of a protocol's name; undefined for one that Maru does not speak. */
export function typeOfDatatype(datatype: string): TensorType | undefined {
  return TYPES.get(datatype);
}

/** Product of the dimensions. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, dim) => product * dim, 1);
}

/** A typed array of the numbers, converted exactly; null when one of them does not fit the type. */
export function dataOf(type: TensorType, values: readonly unknown[]): TensorData | null {
  if (type === 'int64') {
    return values.every((value) => Number.isSafeInteger(value)) ? BigInt64Array.from(values as number[], BigInt) : null;
  }
  if (type === 'float32' || type === 'float64') {
    return values.every((value) => typeof value === 'number') ? TENSOR_ARRAYS[type].from(values as number[]) : null;
  }
  const numbers = values.map((value) => (type === 'bool' && typeof value === 'boolean' ? Number(value) : value));
  const data = TENSOR_ARRAYS[type].from(numbers as number[]);
  const isExact =
    numbers.every((value, i) => data[i] === value) && (type !== 'bool' || data.every((value) => value < 2));
  return isExact ? data : null;
}

/** The values as JSON numbers and, for bool, as booleans. An int64 beyond 2^53 loses its last digits in JSON anyway. */
export function valuesOf({ type, data }: NamedTensor): readonly (number | boolean)[] {
  return Array.from(data as ArrayLike<number | bigint>, (value) =>
    type === 'bool' ? Number(value) !== 0 : Number(value),
  );
}
