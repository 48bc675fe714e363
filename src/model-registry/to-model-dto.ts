import { publicId } from '../common/ids.js';
import type { ModelVersion, TensorSignature } from '../inference/model-version.js';
import type { ModelDto, ModelTensorDto } from './dto/model.dto.js';
import { PLATFORM_OWNER, type StoredModel } from './stored-model.js';

/** An uploaded model as clients see it. */
export function toModelDto(model: StoredModel): ModelDto {
  const { signature, checkedAt } = model;
  return {
    id: publicId('model', model.id),
    object: 'model',
    name: model.name,
    version: model.version,
    digest: model.digest,
    runtime: model.runtime,
    status: model.status,
    visibility: model.tenantId === PLATFORM_OWNER ? 'shared' : 'tenant',
    inputs: (signature?.inputs ?? []).map(toTensorDto),
    outputs: (signature?.outputs ?? []).map(toTensorDto),
    maxBatch: Math.min(model.maxBatch, signature?.maxBatchSize ?? model.maxBatch),
    admission: {
      checkedAt: checkedAt?.toISOString() ?? null,
      checks: model.checks.map(({ name, passed, message, ms }) => ({ name, passed, message, ms })),
    },
    bytes: model.bytes,
    createdAt: model.createdAt.toISOString(),
  };
}

/** A model that came with this installation, as clients see it. */
export function toShippedModelDto(model: ModelVersion): ModelDto {
  return {
    id: publicId('model', model.id),
    object: 'model',
    name: model.name,
    version: model.version,
    digest: model.digest,
    runtime: model.runtime,
    status: 'ready',
    visibility: 'shared',
    inputs: model.inputs.map(toTensorDto),
    outputs: model.outputs.map(toTensorDto),
    maxBatch: model.maxBatchSize,
    admission: { checkedAt: null, checks: [] },
    bytes: model.sizeBytes,
    createdAt: null,
  };
}

function toTensorDto({ name, type, shape }: TensorSignature): ModelTensorDto {
  return { name, type, shape: [...shape] };
}
