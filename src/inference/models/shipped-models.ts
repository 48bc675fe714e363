import fs from 'node:fs';
import path from 'node:path';
import type { ModelVersion } from '../model-version.js';
import { ModelStore, UnknownModelError } from './model-catalog.js';
import { modelDigest, uuidOfDigest } from './model-digest.js';
import { type ModelManifest, readModelManifest } from './model-manifest.js';

/** The formats in which a model may ship. */
export type ShippedRuntime = 'onnx' | 'tensorflow';

/**
 * The models that ship with Maru: one directory each, with a manifest and its artefacts, one per runtime. Each model is
 * served from one of them: a version is the bytes that ran. Read once.
 */
export class ShippedModels extends ModelStore {
  private readonly served: readonly ModelVersion[];
  private readonly versions: readonly ModelVersion[];

  /**
   * @param directory folders without a `manifest.json` are ignored; throws when a manifest or a file of it is broken
   * @param preferred the runtimes to serve with, the first that a model has an artefact for
   */
  constructor(directory: string, preferred: readonly ShippedRuntime[] = ['onnx', 'tensorflow']) {
    super();
    const folders = fs.existsSync(directory) ? fs.readdirSync(directory).sort() : [];
    const models = folders
      .map((name) => path.resolve(directory, name))
      .filter((folder) => fs.existsSync(path.join(folder, 'manifest.json')))
      .map(readVersions);
    this.versions = models.flat();
    this.served = models.flatMap((artefacts) => {
      const first = preferred.map((name) => artefacts.find(({ runtime }) => runtime === name)).find(Boolean);
      return first ? [first] : [];
    });
    const names = this.served.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice) throw new Error(`two models in ${directory} are called ${twice}`);
  }

  list(): readonly ModelVersion[] {
    return this.served;
  }

  byName(name: string): ModelVersion {
    return this.find(this.served, (version) => version.name === name, name);
  }

  byId(id: string): ModelVersion {
    return this.find(this.versions, (version) => version.id === id, id);
  }

  private find(
    versions: readonly ModelVersion[],
    matches: (version: ModelVersion) => boolean,
    what: string,
  ): ModelVersion {
    const version = versions.find(matches);
    if (version) return version;
    const known = this.served.map(({ name }) => name).join(', ') || 'none';
    throw new UnknownModelError(`There is no model ${what} here; known models: ${known}.`);
  }
}

/** The artefacts of one model, the one for ONNX Runtime first. */
function readVersions(folder: string): ModelVersion[] {
  const manifest = readModelManifest(path.join(folder, 'manifest.json'));
  const { runtime, file, input, tensorflow } = manifest;
  const onnx = versionOf(folder, manifest, { runtime, file, others: [], input });
  if (!tensorflow) return [onnx];
  const { inputScale: scale } = tensorflow;
  const scaled = scale === undefined ? input : { ...input, scale };
  const artefact = { runtime: 'tensorflow', file: tensorflow.file, others: tensorflow.weights, input: scaled } as const;
  return [onnx, versionOf(folder, manifest, artefact)];
}

interface Artefact {
  readonly runtime: ShippedRuntime;
  readonly file: string;
  /** Files beside the first. */
  readonly others: readonly string[];
  readonly input: ModelVersion['inputs'][number];
}

function versionOf(folder: string, manifest: ModelManifest, { runtime, file, others, input }: Artefact): ModelVersion {
  const { name, version, maxBatchSize, output, buckets, residency, peakBytes } = manifest;
  const files = [file, ...others];
  const digest = modelDigest(folder, files);
  return Object.freeze({
    id: uuidOfDigest(digest),
    name,
    version,
    digest,
    tenantId: null,
    runtime,
    file: path.join(folder, file),
    sizeBytes: files.reduce((sum, each) => sum + fs.statSync(path.join(folder, each)).size, 0),
    inputs: [input],
    outputs: [output],
    maxBatchSize,
    ...(residency ? { residency } : {}),
    ...(peakBytes ? { peakBytes } : {}),
    buckets,
  });
}
