import { DomainError } from '../common/domain-error.js';

/** A part does not begin where the content ends so far, or another one is being received. */
export class UploadOffsetError extends DomainError {
  readonly code = 'version-conflict';
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(message: string, receivedBytes: number) {
    super(`${message} ${receivedBytes} bytes are here; go on from there.`);
    this.extensions = { receivedBytes };
  }
}

/** The upload is complete, or not yet. */
export class UploadStateError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(message: string, currentStatus: 'receiving' | 'complete') {
    super(message);
    this.extensions = { currentStatus, allowed: [currentStatus === 'complete' ? 'receiving' : 'complete'] };
  }
}
