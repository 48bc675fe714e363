import { DomainError } from '../common/domain-error.js';

/** No usable credential. One answer for a missing, wrong, expired or revoked one, and for an unknown tenant or account. */
export class UnauthenticatedError extends DomainError {
  readonly code = 'unauthenticated';
  constructor(message = 'Sign in, or send "Authorization: Bearer" with a valid access token or API key.') {
    super(message);
  }
}

/** Sign-in failed; does not tell which part was wrong. */
export class BadCredentialsError extends UnauthenticatedError {
  constructor() {
    super('The tenant, e-mail address or password is not right.');
  }
}

/** A known principal that may not do this. */
export class InsufficientScopeError extends DomainError {
  readonly code = 'insufficient-scope';
}

/** The tenant of this credential is suspended: every route refuses it. */
export class TenantSuspendedError extends DomainError {
  readonly code = 'tenant-suspended';
  constructor() {
    super('This tenant is suspended. Ask the operator of this installation to resume it.');
  }
}

/** An unsafe request with a session cookie that did not start on this host. */
export class CrossSiteRequestError extends DomainError {
  readonly code = 'cross-site-request';
  constructor() {
    super('Requests that change something must come from a page of this host: the Origin header must equal it.');
  }
}

/** Too many failed sign-ins of one account. */
export class LoginThrottledError extends DomainError {
  readonly code = 'quota-exceeded';
  override readonly retryable = true;
  override readonly extensions = { 'violated-policies': ['login'] };

  constructor(override readonly retryAfterSeconds: number) {
    super(`Too many failed sign-ins. Try again in ${retryAfterSeconds} s.`);
  }
}

/** A member or operator with this e-mail address exists. */
export class AlreadyExistsError extends DomainError {
  readonly code = 'already-exists';
}
