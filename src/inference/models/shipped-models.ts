import fs from 'node:fs';
import path from 'node:path';
import type { ModelVersion } from '../model-version.js';
import { ModelStore, UnknownModelError } from './model-catalog.js';
import { modelDigest, uuidOfDigest } from './model-digest.js';
import { readModelManifest } from './model-manifest.js';

/** The models that ship with Maru: one directory each, with a manifest and the model file. Read once. */
export class ShippedModels extends ModelStore {
  private readonly versions: readonly ModelVersion[];

  /** @param directory folders without a `manifest.json` are ignored; throws when a manifest or its file is broken */
  constructor(directory: string) {
    super();
    const folders = fs.existsSync(directory) ? fs.readdirSync(directory).sort() : [];
    this.versions = folders
      .map((name) => path.resolve(directory, name))
      .filter((folder) => fs.existsSync(path.join(folder, 'manifest.json')))
      .map(readVersion);
    const names = this.versions.map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice) throw new Error(`two models in ${directory} are called ${twice}`);
  }

  list(): readonly ModelVersion[] {
    return this.versions;
  }

  byName(name: string): ModelVersion {
    return this.find((version) => version.name === name, name);
  }

  byId(id: string): ModelVersion {
    return this.find((version) => version.id === id, id);
  }

  private find(matches: (version: ModelVersion) => boolean, what: string): ModelVersion {
    const version = this.versions.find(matches);
    if (version) return version;
    const known = this.versions.map(({ name }) => name).join(', ') || 'none';
    throw new UnknownModelError(`There is no model ${what} here; known models: ${known}.`);
  }
}

function readVersion(folder: string): ModelVersion {
  const { name, version, runtime, file, maxBatchSize, input, output, buckets } = readModelManifest(
    path.join(folder, 'manifest.json'),
  );
  const digest = modelDigest(folder, [file]);
  return Object.freeze({
    id: uuidOfDigest(digest),
    name,
    version,
    digest,
    tenantId: null,
    runtime,
    file: path.join(folder, file),
    sizeBytes: fs.statSync(path.join(folder, file)).size,
    inputs: [input],
    outputs: [output],
    maxBatchSize,
    buckets,
  });
}
