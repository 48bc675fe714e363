import { DomainError } from '../../common/domain-error.js';
import { InsufficientScopeError, UnauthenticatedError } from '../auth.errors.js';

/** A tenant always has an owner who can sign in. */
export class LastOwnerError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions = { currentStatus: 'last_owner', allowed: [] };
  constructor() {
    super('This is the last active owner. Make somebody else an owner first.');
  }
}

/** The platform invites the first owner; everybody else is invited by the tenant itself. */
export class OwnerExistsError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions = { currentStatus: 'owned', allowed: ['unowned'] };
  constructor() {
    super('This tenant has an active owner, who invites everybody else.');
  }
}

/** An invitation, a reset or a change that the status of the member does not allow. */
export class MemberStatusError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(currentStatus: string, allowed: readonly string[]) {
    super(`The member is ${currentStatus}; this works for: ${allowed.join(', ')}.`);
    this.extensions = { currentStatus, allowed };
  }
}

/** Owners are made and changed by owners. */
export class OwnersOnlyError extends InsufficientScopeError {
  constructor() {
    super('Only an owner may make, change or remove an owner.');
  }
}

/** A one-time link that is unknown, used, too old, or replaced by a newer one. */
export class LinkNotValidError extends UnauthenticatedError {
  constructor() {
    super('This link is not valid any more. Ask for a new one.');
  }
}
