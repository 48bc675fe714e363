/** A minimal writer of ONNX files (protobuf wire format): tensors, attributes, nodes, value infos, models. */

/** Element types of onnx.TensorProto. */
export const FLOAT = 1;
export const UINT8 = 2;

function varint(value) {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out = [];
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    out.push(rest ? low | 128 : low);
  } while (rest);
  return Buffer.from(out);
}

function toBuffer(value) {
  if (typeof value === 'string') return Buffer.from(value);
  return Buffer.isBuffer(value) ? value : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}

const join = (...parts) => Buffer.concat(parts.flat(Infinity));
const int = (field, value) => join(varint(field << 3), varint(value));
const bytes = (field, value) => {
  const body = toBuffer(value);
  return join(varint((field << 3) | 2), varint(body.length), body);
};

/** A float32 initializer. */
export function tensor(name, dims, data) {
  return join(
    dims.map((dim) => int(1, dim)),
    int(2, FLOAT),
    bytes(8, name),
    bytes(9, data),
  );
}

/** Attribute types: 2 = integer, 3 = string, 7 = list of integers. */
function attribute(name, value) {
  if (typeof value === 'string') return join(bytes(1, name), bytes(4, value), int(20, 3));
  if (Number.isInteger(value)) return join(bytes(1, name), int(3, value), int(20, 2));
  return join(bytes(1, name), value.map((item) => int(8, item)), int(20, 7)); // prettier-ignore
}

export function node(op, inputs, output, attributes = {}) {
  return join(
    inputs.map((input) => bytes(1, input)),
    bytes(2, output),
    bytes(4, op),
    Object.entries(attributes).map(([name, value]) => bytes(5, attribute(name, value))),
  );
}

/** An input or output. A number is a fixed dimension, a string a symbolic one. */
export function valueInfo(name, type, dims) {
  const shape = join(dims.map((dim) => bytes(1, typeof dim === 'string' ? bytes(2, dim) : int(1, dim))));
  return join(bytes(1, name), bytes(2, bytes(1, join(int(1, type), bytes(2, shape)))));
}

/** A whole model of opset 17. */
export function modelFile({ nodes, initializers, input, output, metadata }) {
  const graph = join(
    nodes.map((item) => bytes(1, item)),
    bytes(2, 'graph'),
    initializers.map((item) => bytes(5, item)),
    bytes(11, input),
    bytes(12, output),
  );
  return join(
    int(1, 8), // IR version
    bytes(2, 'maru'),
    bytes(7, graph),
    bytes(8, join(bytes(1, ''), int(2, 17))),
    Object.entries(metadata).map(([key, value]) => bytes(14, join(bytes(1, key), bytes(2, value)))),
  );
}
