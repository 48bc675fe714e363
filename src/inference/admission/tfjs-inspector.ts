import type { TensorType } from '../tensor.js';
import { TFJS_LIMITS, type TfjsLimits } from './inspection-limits.js';
import type { DeclaredTensor, ModelFacts } from './model-facts.js';
import { ModelRefusal } from './model-refusal.js';

// Also loaded by the inspection process: erasable TypeScript only.

type Json = Readonly<Record<string, unknown>>;

const WEIGHT_BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};
const TYPES: Readonly<Record<string, TensorType>> = {
  DT_FLOAT: 'float32',
  DT_INT32: 'int32',
  DT_BOOL: 'bool',
  DT_UINT8: 'uint8',
};
const FILE_NAME = /^[A-Za-z0-9._-]{1,120}$/;

/**
 * Judges an untrusted TensorFlow.js model before the library sees it: its form, loops, counts, depth, sizes, and that its
 * weight files are beside it and hold exactly the bytes that the manifest needs. Unknown operators and layer classes are
 * left to the quarantine engine, where they throw. Throws ModelRefusal.
 * @param files sizes in bytes of all files of the artifact, `model.json` included
 */
export function inspectTfjs(
  json: string,
  files: ReadonlyMap<string, number>,
  limits: TfjsLimits = TFJS_LIMITS,
): ModelFacts {
  if (json.length > limits.maxJsonBytes) {
    throw new ModelRefusal('size', `model.json is larger than ${limits.maxJsonBytes} bytes`);
  }
  const model = parse(json);
  const topology = model['modelTopology'];
  if (!isObject(topology)) throw new ModelRefusal('format', 'model.json has no modelTopology');
  const weights = inspectWeights(model['weightsManifest'], files, limits);
  if (model['format'] === 'graph-model') return { ...inspectGraph(model, topology, limits), weights };
  if (model['format'] === 'layers-model') return { ...inspectLayers(topology, limits), weights };
  throw new ModelRefusal('format', `the format "${String(model['format'])}" is not accepted`);
}

function parse(json: string): Json {
  try {
    const value: unknown = JSON.parse(json, (key, inner: unknown) => (key === '__proto__' ? undefined : inner));
    if (isObject(value)) return value;
  } catch {
    // falls through: what is no object is refused like what is no JSON
  }
  throw new ModelRefusal('format', 'model.json is not a JSON object');
}

function inspectGraph(model: Json, topology: Json, limits: TfjsLimits): Omit<ModelFacts, 'weights'> {
  const functions = listOf(isObject(topology['library']) ? topology['library']['function'] : undefined);
  const nodes = [
    ...listOf(topology['node']),
    ...functions.flatMap((f) => listOf(isObject(f) ? (f['nodeDef'] ?? f['node_def']) : undefined)),
  ];
  if (nodes.length === 0) throw new ModelRefusal('format', 'the graph has no nodes');
  if (nodes.length > limits.maxNodes) {
    throw new ModelRefusal(
      'graph_size',
      `the graph has ${nodes.length} nodes; at most ${limits.maxNodes} are accepted`,
    );
  }
  const operators = new Set<string>();
  for (const node of nodes) {
    const operator = isObject(node) ? node['op'] : undefined;
    if (typeof operator !== 'string') throw new ModelRefusal('structure', 'a node of the graph names no operator');
    if (limits.deniedOperators.has(operator)) {
      const name = isObject(node) ? String(node['name']).slice(0, 120) : '';
      throw new ModelRefusal('operators', `${operator} "${name}": the operator ${operator} is not accepted`);
    }
    operators.add(operator);
  }
  const signature = isObject(model['signature']) ? model['signature'] : {};
  return {
    nodes: nodes.length,
    operators: [...operators].sort(),
    inputs: declared(signature['inputs']),
    outputs: declared(signature['outputs']),
  };
}

function inspectLayers(topology: Json, limits: TfjsLimits): Omit<ModelFacts, 'weights'> {
  const classes: string[] = [];
  const walk = (value: unknown, depth: number, where: string): void => {
    if (depth > limits.maxDepth)
      throw new ModelRefusal('graph_size', `the configuration is nested too deep at ${where}`);
    if (typeof value === 'number' && !(Math.abs(value) <= limits.maxNumber)) {
      throw new ModelRefusal('tensor_size', `the number ${value} at ${where} is too large`);
    }
    if (typeof value !== 'object' || value === null) return;
    const { class_name: className } = value as Json;
    if (typeof className === 'string') classes.push(className);
    // A layer names itself, its initializers and its constraints.
    if (classes.length > limits.maxLayers * 4) throw new ModelRefusal('graph_size', 'the model has too many layers');
    for (const [key, inner] of Object.entries(value)) {
      if (key !== 'seed') walk(inner, depth + 1, `${where}/${key}`.slice(-120));
    }
  };
  walk(topology['model_config'] ?? topology, 0, '');
  if (classes.length === 0) throw new ModelRefusal('format', 'the model has no layers');
  return { nodes: classes.length, operators: [...new Set(classes)].sort(), inputs: null, outputs: null };
}

/** Elements of all weights. */
function inspectWeights(manifest: unknown, files: ReadonlyMap<string, number>, limits: TfjsLimits): number {
  if (!Array.isArray(manifest)) throw new ModelRefusal('format', 'model.json has no weightsManifest');
  let [elements, neededBytes] = [0, 0];
  const paths = new Set<string>();
  for (const group of manifest as unknown[]) {
    if (!isObject(group)) throw new ModelRefusal('structure', 'a group of the weights manifest is not an object');
    for (const path of listOf(group['paths'])) paths.add(besideModel(path, files, paths));
    for (const weight of listOf(group['weights'])) {
      const count = elementsOf(weight, limits);
      elements += count.elements;
      neededBytes += count.bytes;
    }
  }
  const storedBytes = [...paths].reduce((sum, path) => sum + (files.get(path) ?? 0), 0);
  if (storedBytes > limits.maxWeightBytes) {
    throw new ModelRefusal(
      'size',
      `the weights have ${storedBytes} bytes; at most ${limits.maxWeightBytes} are accepted`,
    );
  }
  if (storedBytes !== neededBytes) {
    throw new ModelRefusal('weights', `the weight files hold ${storedBytes} bytes, the manifest needs ${neededBytes}`);
  }
  return elements;
}

function besideModel(path: unknown, files: ReadonlyMap<string, number>, seen: ReadonlySet<string>): string {
  if (typeof path !== 'string' || !FILE_NAME.test(path) || path === '.' || path === '..') {
    throw new ModelRefusal('external_data', `the weight path ${JSON.stringify(path)?.slice(0, 120)} is not accepted`);
  }
  if (!files.has(path)) throw new ModelRefusal('weights', `the weight file ${path} is not part of the upload`);
  if (seen.has(path)) throw new ModelRefusal('weights', `the weight file ${path} is listed twice`);
  return path;
}

function elementsOf(weight: unknown, limits: TfjsLimits): { readonly elements: number; readonly bytes: number } {
  const { name, shape, dtype, quantization } = isObject(weight) ? weight : ({} as Json);
  const at = `the weight "${String(name).slice(0, 120)}"`;
  const dims = Array.isArray(shape) ? (shape as unknown[]) : [-1];
  if (dims.some((dim) => !Number.isSafeInteger(dim) || (dim as number) < 0)) {
    throw new ModelRefusal('tensor_size', `${at} has a shape that is not accepted`);
  }
  const elements = dims.reduce<number>((product, dim) => product * (dim as number), 1);
  const type = String((isObject(quantization) ? quantization['dtype'] : undefined) ?? dtype);
  const bytes = Object.hasOwn(WEIGHT_BYTES, type) ? WEIGHT_BYTES[type] : undefined;
  if (bytes === undefined) throw new ModelRefusal('structure', `${at} has the type ${type}, which is not accepted`);
  if (!(elements * bytes <= limits.maxWeightBytes)) throw new ModelRefusal('tensor_size', `${at} is too large`);
  return { elements, bytes: elements * bytes };
}

/** Tensors of a graph model's signature, by the names that the runtime serves them under; null when it has none. */
function declared(signature: unknown): DeclaredTensor[] | null {
  if (!isObject(signature)) return null;
  return Object.entries(signature).map(([name, value]) => {
    const tensor = isObject(value) ? value : {};
    const shape = isObject(tensor['tensorShape']) ? tensor['tensorShape'] : {};
    const dims = Array.isArray(shape['dim']) ? (shape['dim'] as unknown[]) : null;
    return {
      name,
      type: TYPES[String(tensor['dtype'])] ?? null,
      shape: dims?.map((dim) => sizeOf(isObject(dim) ? dim['size'] : undefined)) ?? null,
    };
  });
}

function sizeOf(size: unknown): number | null {
  const value = Number(size);
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
