import { UnauthenticatedError } from '../auth.errors.js';

/**
 * Why somebody was not let in: `unavailable` the provider cannot be reached or is set up wrong, `denied` it let them not
 * in, `expired` the attempt is too old or was begun elsewhere, `failed` its answer proves nothing, `unverified` it says
 * that the address is not verified, `unstated` it names no address or does not say whether that is verified, and its domain
 * is not trusted, `domain` the address is of another domain, `unknown` nobody here has the address, `taken` the address is
 * of a member whom the provider calls otherwise, `disabled` the account is, `suspended` the tenant is.
 */
export type OidcRefusalReason =
  | 'unavailable'
  | 'denied'
  | 'expired'
  | 'failed'
  | 'unverified'
  | 'unstated'
  | 'domain'
  | 'unknown'
  | 'taken'
  | 'disabled'
  | 'suspended';

/** A sign-in with an identity provider that ended without a session. */
export class OidcRefusedError extends UnauthenticatedError {
  constructor(
    readonly reason: OidcRefusalReason,
    options?: ErrorOptions,
  ) {
    super(`The sign-in with the identity provider ended without a session (${reason}). Try again, or use a password.`);
    this.cause = options?.cause;
  }
}
