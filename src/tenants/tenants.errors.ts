import { DomainError } from '../common/domain-error.js';

/** A slug or host name is taken. */
export class TenantAlreadyExistsError extends DomainError {
  readonly code = 'already-exists';
  constructor(what: 'slug' | 'hostname', value: string) {
    super(`A tenant with the ${what} "${value}" exists. Choose another one.`);
  }
}
