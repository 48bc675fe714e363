/** Element types that cross the engine boundary. */
export type TensorType = 'float32' | 'float64' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool';
export type TensorData = Float32Array | Float64Array | Uint8Array | Int8Array | Int32Array | BigInt64Array;

/** Constructor of the typed array of each element type. */
export const TENSOR_ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
} as const;

/** A region of the worker's tensor arena that holds one row (one sample) of an input tensor. */
export interface RowHandle {
  /** Bytes from the start of the arena. */
  readonly offset: number;
  /** Bytes reserved (a multiple of 64, at least the row). */
  readonly bytes: number;
}

/** Rows of one input tensor, ready in the arena. `rowShape` leaves out the batch axis. */
export interface TensorRows {
  readonly type: TensorType;
  readonly rowShape: readonly number[];
  readonly rows: readonly RowHandle[];
}
/** The inputs of one work item by tensor name; every entry has the same number of rows (the item's size). */
export type TensorMap = Readonly<Record<string, TensorRows>>;

/** One output of one work item: axis 0 is the item's own rows. */
export interface OutputTensor {
  readonly type: TensorType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}
export type OutputMap = Readonly<Record<string, OutputTensor>>;
