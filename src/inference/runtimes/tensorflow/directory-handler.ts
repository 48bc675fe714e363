import fs from 'node:fs';
import path from 'node:path';
import type { io } from '@tensorflow/tfjs';

// Runs in child processes: erasable TypeScript only.

const MIB = 2 ** 20;

/** Largest files that are read. */
export interface ModelFileLimits {
  readonly maxTopologyBytes: number;
  readonly maxWeightsBytes: number;
}

const DEFAULT_LIMITS: ModelFileLimits = { maxTopologyBytes: 8 * MIB, maxWeightsBytes: 512 * MIB };

/** Bytes per stored value. */
const WIDTHS: Readonly<Record<string, number>> = {
  float32: 4,
  int32: 4,
  bool: 1,
  complex64: 8,
  uint8: 1,
  uint16: 2,
  float16: 2,
};

interface ModelJson extends Omit<io.ModelJSON, 'weightsManifest'> {
  readonly weightsManifest?: readonly {
    readonly paths: readonly string[];
    readonly weights: io.WeightsManifestEntry[];
  }[];
}

/**
 * Reads `model.json` and its weight files from one directory and from nowhere else. Throws for absolute and escaping
 * paths, links that lead out, files above the limits, broken shapes, unknown types and a byte count that differs from the
 * manifest. (The loader of tfjs-node joins the paths of the manifest without a check.)
 */
export function directoryHandler(file: string, limits: ModelFileLimits = DEFAULT_LIMITS): io.IOHandler {
  return { load: async () => readModel(file, limits) };
}

function readModel(file: string, limits: ModelFileLimits): io.ModelArtifacts {
  const root = fs.realpathSync(path.dirname(file));
  const json = parseTopology(inside(root, path.basename(file)), limits.maxTopologyBytes);
  const groups = json.weightsManifest ?? [];
  const weightSpecs = groups.flatMap(({ weights }) => weights);
  const files = groups.flatMap(({ paths }) => paths.map((name) => inside(root, name)));
  const sizes = files.map((name) => fs.statSync(name).size);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total > limits.maxWeightsBytes) {
    throw new Error(`the weights have ${total} bytes, at most ${limits.maxWeightsBytes} are read`);
  }
  const needed = weightSpecs.reduce((sum, spec) => sum + byteLengthOf(spec), 0);
  if (needed !== total) throw new Error(`the weights hold ${total} bytes, their manifest needs ${needed}`);
  const { modelTopology, format, generatedBy, convertedBy, signature, userDefinedMetadata, modelInitializer } = json;
  return {
    modelTopology,
    format,
    generatedBy,
    convertedBy,
    ...(signature && { signature }),
    ...(userDefinedMetadata && { userDefinedMetadata }),
    ...(modelInitializer && { modelInitializer }),
    weightSpecs,
    weightData: readWeights(files, sizes, total),
  };
}

function inside(root: string, name: unknown): string {
  if (typeof name !== 'string' || name.includes('\0') || path.isAbsolute(name)) {
    throw new Error(`a path of the model is not accepted: ${String(name)}`);
  }
  const file = fs.realpathSync(path.resolve(root, name));
  if (!file.startsWith(root + path.sep)) throw new Error(`${name} lies outside of the directory of the model`);
  return file;
}

function parseTopology(file: string, maxBytes: number): ModelJson {
  const { size } = fs.statSync(file);
  if (size > maxBytes) throw new Error(`${path.basename(file)} has ${size} bytes, at most ${maxBytes} are read`);
  const dropPrototype = (key: string, value: unknown) => (key === '__proto__' ? undefined : value);
  return JSON.parse(fs.readFileSync(file, 'utf8'), dropPrototype) as ModelJson;
}

function byteLengthOf({ name, shape, dtype, quantization }: io.WeightsManifestEntry): number {
  if (!Array.isArray(shape) || shape.some((dim) => !Number.isSafeInteger(dim) || dim < 0)) {
    throw new Error(`the weight ${name} has a broken shape`);
  }
  const type = quantization?.dtype ?? dtype;
  if (!Object.hasOwn(WIDTHS, type)) throw new Error(`the weight ${name} has the type ${type}, which is not accepted`);
  const bytes = shape.reduce((product, dim) => product * dim, WIDTHS[type] ?? 0);
  if (!Number.isSafeInteger(bytes)) throw new Error(`the weight ${name} is too large`);
  return bytes;
}

function readWeights(files: readonly string[], sizes: readonly number[], total: number): ArrayBuffer {
  const data = new Uint8Array(total);
  let at = 0;
  for (const [i, file] of files.entries()) {
    const bytes = fs.readFileSync(file);
    if (bytes.length !== sizes[i]) throw new Error(`${path.basename(file)} changed while it was read`);
    data.set(bytes, at);
    at += bytes.length;
  }
  return data.buffer;
}
