import { DomainError } from '../common/domain-error.js';

/** The bytes of the file are gone: expired or erased. Its record stays readable. */
export class FileExpiredError extends DomainError {
  readonly code = 'result-expired';
  constructor() {
    super('The content of this file has expired or was erased. Upload it again.');
  }
}
