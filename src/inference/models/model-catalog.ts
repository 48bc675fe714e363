import { DomainError } from '../../common/domain-error.js';
import type { ModelVersion } from '../model-version.js';

/** No such model version is known to this worker. */
export class UnknownModelError extends DomainError {
  readonly code = 'unknown_model';
}

/** Port to the model versions that may be served. */
export abstract class ModelStore {
  abstract list(): readonly ModelVersion[];
  /** The version that serves under this name now. Throws UnknownModelError. */
  abstract byName(name: string): ModelVersion;
  /** Throws UnknownModelError. */
  abstract byId(id: string): ModelVersion;
}
