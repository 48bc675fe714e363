import { DomainError } from '../common/domain-error.js';
import type { ModelStatus } from './stored-model.js';

/** There is such a version already. */
export class ModelVersionExistsError extends DomainError {
  readonly code = 'already-exists';
  constructor(name: string, version: string) {
    super(`There is a version ${version} of ${name} already. Give the manifest another version, or leave it out.`);
  }
}

/** The model is in a state that does not allow what was asked. */
export class ModelStateError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(message: string, currentStatus: ModelStatus, allowed: readonly ModelStatus[]) {
    super(message);
    this.extensions = { currentStatus, allowed };
  }
}

/** An analyzer points at the model. */
export class ModelInUseError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(slug: string, alias: string) {
    super(`The analyzer ${slug} points at this model (${alias}). Point it at another version first.`);
    this.extensions = { currentStatus: 'ready', allowed: [] };
  }
}

/** A pointer has nothing to go back to. */
export class NothingToRollBackError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions = { currentStatus: 'ready', allowed: [] };
  constructor(slug: string, alias: string) {
    super(
      `The ${alias} of ${slug} has pointed at one model only, or that model was retired: there is nothing to go back to.`,
    );
  }
}

/** If-Match names another revision than the current one. */
export class AliasChangedError extends DomainError {
  readonly code = 'precondition-failed';
  constructor(revision: number) {
    super(`Somebody changed this alias: it has revision ${revision} now. Read it again, then retry.`);
  }
}
