import fs from 'node:fs';
import path from 'node:path';
import { modelDigest, uuidOfDigest } from '../../src/inference/models/model-digest.js';
import type { ModelVersion } from '../../src/inference/model-version.js';

interface GraphNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, unknown>>;
}
interface Constant {
  readonly name: string;
  readonly type: 'float32' | 'int32';
  readonly shape: readonly number[];
  readonly values: readonly number[];
}
interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly constants?: readonly Constant[];
}

const FLOAT = { T: { type: 'DT_FLOAT' } };

/**
 * Small TensorFlow.js graph models with known behavior, float32 [n, 2] -> float32 [n, 2]:
 * - `double`: y = x + x; `lengths`: the same for float32 [n, l], with the shape buckets 16 and 64
 * - `log`: y = log(x), so a negative value gives NaN
 * - `first`: keeps the first row alone, so the first axis of its output is 1 whatever it gets
 * - `squares`: multiplies two square matrices as wide as the largest value says, then y = x: 12,000 takes minutes
 */
export const GRAPH_MODELS = {
  double: () => ({ nodes: [{ name: 'y', op: 'AddV2', input: ['x', 'x'], attr: FLOAT }] }),
  lengths: () => ({ nodes: [{ name: 'y', op: 'AddV2', input: ['x', 'x'], attr: FLOAT }] }),
  log: () => ({ nodes: [{ name: 'y', op: 'Log', input: ['x'], attr: FLOAT }] }),
  first: () => ({
    nodes: [{ name: 'y', op: 'Slice', input: ['x', 'begin', 'size'], attr: { ...FLOAT, Index: { type: 'DT_INT32' } } }],
    constants: [vector('begin', [0, 0]), vector('size', [1, 2])],
  }),
  squares: () => ({
    nodes: [
      { name: 'most', op: 'Max', input: ['x', 'axes'], attr: { ...FLOAT, keep_dims: { b: false } } },
      { name: 'width', op: 'Cast', input: ['most'], attr: { SrcT: { type: 'DT_FLOAT' }, DstT: { type: 'DT_INT32' } } },
      { name: 'dims', op: 'Pack', input: ['width', 'width'], attr: { axis: { i: '0' }, T: { type: 'DT_INT32' } } },
      { name: 'square', op: 'Fill', input: ['dims', 'zero'], attr: FLOAT },
      { name: 'product', op: 'MatMul', input: ['square', 'square'], attr: FLOAT },
      { name: 'nothing', op: 'Max', input: ['product', 'axes'], attr: { ...FLOAT, keep_dims: { b: false } } },
      { name: 'y', op: 'AddV2', input: ['x', 'nothing'], attr: FLOAT },
    ],
    constants: [vector('axes', [0, 1]), { name: 'zero', type: 'float32', shape: [], values: [0] } as const],
  }),
} as const satisfies Record<string, () => Graph>;

/** Writes a small model into a new directory below `directory` and describes it. */
export function graphModelVersion(
  kind: keyof typeof GRAPH_MODELS,
  directory: string,
  name: string = kind,
): ModelVersion {
  const folder = path.join(directory, name);
  const shape = ['n', kind === 'lengths' ? 'l' : 2];
  const sizeBytes = writeGraph(folder, GRAPH_MODELS[kind](), kind === 'lengths' ? -1 : 2);
  const digest = modelDigest(folder, ['model.json', 'weights.bin']);
  return {
    id: uuidOfDigest(digest),
    name,
    version: '1.0.0',
    digest,
    tenantId: null,
    runtime: 'tensorflow',
    file: path.join(folder, 'model.json'),
    sizeBytes,
    inputs: [{ name: 'x', type: 'float32', shape }],
    outputs: [{ name: 'y', type: 'float32', shape }],
    maxBatchSize: 8,
    buckets: kind === 'lengths' ? { axis: 1, sizes: [16, 64] } : null,
  };
}

function writeGraph(folder: string, { nodes, constants = [] }: Graph, width: number): number {
  fs.mkdirSync(folder, { recursive: true });
  const tensor = (name: string) => ({
    [name]: { name: `${name}:0`, dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }, { size: String(width) }] } },
  });
  const shape = { shape: { dim: [{ size: '-1' }, { size: String(width) }] } };
  const input: GraphNode = { name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape } };
  const json = {
    format: 'graph-model',
    modelTopology: { node: [input, ...constants.map(constantNode), ...nodes], versions: { producer: 987 } },
    signature: { inputs: tensor('x'), outputs: tensor('y') },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: constants.map(({ name, type, shape: dims }) => ({ name, shape: dims, dtype: type })),
      },
    ],
  };
  const weights = Buffer.concat(
    constants.map(({ type, values }) =>
      Buffer.from((type === 'int32' ? Int32Array.from(values) : Float32Array.from(values)).buffer),
    ),
  );
  fs.writeFileSync(path.join(folder, 'model.json'), JSON.stringify(json));
  fs.writeFileSync(path.join(folder, 'weights.bin'), weights);
  return weights.length;
}

function constantNode({ name, type, shape }: Constant): GraphNode {
  const dtype = type === 'int32' ? 'DT_INT32' : 'DT_FLOAT';
  const tensorShape = { dim: shape.map((size) => ({ size: String(size) })) };
  return { name, op: 'Const', attr: { dtype: { type: dtype }, value: { tensor: { dtype, tensorShape } } } };
}

function vector(name: string, values: readonly number[]): Constant {
  return { name, type: 'int32', shape: [values.length], values };
}
