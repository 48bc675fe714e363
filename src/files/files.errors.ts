import { DomainError } from '../common/domain-error.js';
import { ServerBusyError } from '../http/http.errors.js';

const DISK_RETRY_SECONDS = 30;

/** The bytes of the file are gone: expired or erased. Its record stays readable. */
export class FileExpiredError extends DomainError {
  readonly code = 'result-expired';
  constructor() {
    super('The content of this file has expired or was erased. Upload it again.');
  }
}

/** The data directory has too little free space to store anything. */
export class DiskFullError extends ServerBusyError {
  constructor() {
    super(
      'The disk of this installation is nearly full. Nothing was stored; repeat the request later, and tell its operator if it stays.',
      DISK_RETRY_SECONDS,
    );
  }
}
