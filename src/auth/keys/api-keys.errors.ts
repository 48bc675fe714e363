import { DomainError } from '../../common/domain-error.js';

/** A key that was rotated before, or whose time is over. */
export class KeyNotRotatableError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(currentStatus: 'replaced' | 'expired') {
    super(`This key is ${currentStatus}. Rotate the newest one, or create a key.`);
    this.extensions = { currentStatus, allowed: ['active'] };
  }
}
