import { DomainError, ValidationFailedError } from '../../common/domain-error.js';

/** A request whose tensors the model cannot take. `error` is the member that clients of the protocol read. */
export class TensorsRefusedError extends ValidationFailedError {
  override readonly extensions: Readonly<Record<string, unknown>>;

  constructor(pointer: string, message: string) {
    super([{ pointer, code: 'invalid_tensors', message }]);
    this.extensions = { error: message };
  }
}

/** The job of a request ended without outputs for a reason that may pass, or has not ended yet. */
export class InferenceUnavailableError extends DomainError {
  readonly code = 'temporary-reduced-capacity';
  override readonly retryable = true;
  override readonly retryAfterSeconds = 1;
  override readonly extensions: Readonly<Record<string, unknown>>;

  /** @param jobId public id of the job, whose timeline says more */
  constructor(message: string, jobId: string) {
    super(message);
    this.extensions = { error: message, jobId };
  }
}
