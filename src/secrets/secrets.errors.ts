import { DomainError } from '../common/domain-error.js';

/** A sealed value that none of our keys opens, or that was moved or changed. */
export class SecretUnreadableError extends DomainError {
  readonly code = 'internal-error';
  constructor() {
    super(
      'A stored secret cannot be opened: its key is not configured (MARU_MASTER_KEY, KEY_ENCRYPTION_KEYS), or the value was moved or changed.',
    );
  }
}
