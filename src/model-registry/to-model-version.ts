import path from 'node:path';
import type { ModelVersion } from '../inference/model-version.js';
import type { ModelFiles } from './model-files.js';
import { type ModelSignature, PLATFORM_OWNER, type StoredModel } from './stored-model.js';

/** Name of the file that a runtime is given, among those of its artifact. */
const ENTRY = { onnx: /\.onnx$/, tensorflow: /^model\.json$/ } as const;

/**
 * What an engine loads of a stored model.
 * @param runtime one of the runtimes that the model has files for
 */
export function toModelVersion(
  model: StoredModel,
  signature: ModelSignature,
  files: ModelFiles,
  runtime: StoredModel['runtime'] = model.runtime,
): ModelVersion {
  const own = model.files.filter((file) => file.runtime === runtime);
  const entry = own.find(({ name }) => ENTRY[runtime].test(name)) ?? own[0];
  if (!entry) throw new Error(`${model.name} ${model.version} has no files for ${runtime}`);
  return Object.freeze({
    id: model.id,
    name: model.name,
    version: model.version,
    digest: model.digest,
    tenantId: model.tenantId === PLATFORM_OWNER ? null : model.tenantId,
    runtime,
    file: path.join(files.artifactDirectory(model.digest, runtime), entry.name),
    sizeBytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
    inputs: signature.inputs,
    outputs: signature.outputs,
    maxBatchSize: Math.min(model.maxBatch, signature.maxBatchSize),
    buckets: null,
  });
}
