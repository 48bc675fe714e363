import { DomainError } from '../../common/domain-error.js';
import { UnauthenticatedError } from '../auth.errors.js';

/** The password was right, and this account has a second factor. */
export class SecondFactorRequiredError extends DomainError {
  readonly code = 'second-factor-required';
  override readonly extensions: Readonly<Record<string, unknown>>;

  /** @param expiresInSeconds life of the challenge */
  constructor(challenge: string, expiresInSeconds: number) {
    super('Send the challenge with a code of your authenticator app to /v1/auth/login/second-factor.');
    this.extensions = { challenge, expiresIn: expiresInSeconds };
  }
}

/** A challenge that is unknown, too old or used up, or a wrong code: nobody learns which. */
export class WrongCodeError extends UnauthenticatedError {
  constructor() {
    super('The code is not right, or the sign-in took too long. Try the next code, or sign in again.');
  }
}

/** There is no second factor to confirm or to remove. */
export class NoSecondFactorError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions = { currentStatus: 'off', allowed: ['pending', 'on'] };
  constructor() {
    super('This account has no second factor. Start with POST /v1/me/second-factor.');
  }
}
