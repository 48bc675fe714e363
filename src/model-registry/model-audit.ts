import { publicId } from '../common/ids.js';
import type { ModelAlias } from './aliases/model-alias.js';
import type { OperatedModel } from './operators/operator-models.repository.js';
import type { StoredModel } from './stored-model.js';

/** A model as the audit log names it. */
export function modelTarget({ id }: Pick<StoredModel, 'id'>): { type: 'model'; id: string } {
  return { type: 'model', id: publicId('model', id) };
}

/** What the log keeps of an upload. */
export function uploadView({ name, version, digest, runtime, bytes }: StoredModel): object {
  return { name, version, digest, runtime, bytes };
}

/** What the log keeps of a pointer. */
export function aliasView({ modelId, percent, revision }: ModelAlias): object {
  return { model: publicId('model', modelId), percent, revision };
}

/** What of a model an operator can change. */
export function operatedView({ maxBatch, tenants }: OperatedModel): { maxBatch: number; tenants: string[] } {
  return { maxBatch, tenants: tenants.map((id) => publicId('tenant', id)) };
}
