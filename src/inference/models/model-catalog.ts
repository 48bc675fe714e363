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

  /** Calls back whenever `list` has another content. A store that never changes never calls. */
  onChange(_listener: () => void): void {
    // nothing changes by default
  }

  /** Told by the device pool after each load and unload: the ids of what is resident somewhere. */
  setResident(_ids: ReadonlySet<string>): void {
    // of no interest by default
  }
}
