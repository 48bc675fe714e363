/** A minimal writer of ONNX files (protobuf), enough for the small models that tests need. */

const DATA_TYPES = { float32: 1, uint8: 2, int64: 7, bool: 9 } as const;
type DataType = keyof typeof DATA_TYPES;
type Attribute = number | string | readonly number[] | { readonly graph: Buffer };

function varint(value: number | bigint): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** A field of wire type 0. */
export const integer = (field: number, value: number | bigint) => Buffer.concat([varint(field << 3), varint(value)]);

/** A field of wire type 2. */
export function bytes(field: number, value: Buffer | string): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}

function attribute(name: string, value: Attribute): Buffer {
  const parts = [bytes(1, name)];
  if (typeof value === 'string') parts.push(bytes(4, value), integer(20, 3));
  else if (typeof value === 'number') parts.push(integer(3, value), integer(20, 2));
  else if ('graph' in value) parts.push(bytes(6, value.graph), integer(20, 5));
  else parts.push(...value.map((item) => integer(8, item)), integer(20, 7));
  return Buffer.concat(parts);
}

/** An operator. */
export function node(
  op: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(4, op),
    ...Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
  ]);
}

/** A constant. */
export function constant(name: string, type: DataType, dims: readonly number[], data: ArrayBufferView): Buffer {
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([
    ...dims.map((dim) => integer(1, dim)),
    integer(2, DATA_TYPES[type]),
    bytes(8, name),
    bytes(9, raw),
  ]);
}

/** An input or output; strings are symbolic axes. */
export function value(name: string, type: DataType, dims: readonly (number | string)[]): Buffer {
  const shape = dims.map((dim) => bytes(1, typeof dim === 'string' ? bytes(2, dim) : integer(1, dim)));
  const tensor = Buffer.concat([integer(1, DATA_TYPES[type]), bytes(2, Buffer.concat(shape))]);
  return Buffer.concat([bytes(1, name), bytes(2, bytes(1, tensor))]);
}

export interface Graph {
  readonly nodes: readonly Buffer[];
  readonly constants?: readonly Buffer[];
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
}

/** A graph, also as the body of a Loop. */
export function graph({ nodes, constants = [], inputs, outputs }: Graph): Buffer {
  return Buffer.concat([
    ...nodes.map((item) => bytes(1, item)),
    bytes(2, 'graph'),
    ...constants.map((item) => bytes(5, item)),
    ...inputs.map((item) => bytes(11, item)),
    ...outputs.map((item) => bytes(12, item)),
  ]);
}

/** A whole file. */
export function model(parts: Graph): Buffer {
  const opset = Buffer.concat([bytes(1, ''), integer(2, 17)]);
  return Buffer.concat([integer(1, 8), bytes(2, 'maru-test'), bytes(7, graph(parts)), bytes(8, opset)]);
}
