import { DomainError, ValidationFailedError } from '../common/domain-error.js';
import type { JobStatus } from './job-status.js';

/** The job is in a state that does not allow what was asked. */
export class InvalidStateTransitionError extends DomainError {
  readonly code = 'invalid-state-transition';
  override readonly extensions: Readonly<Record<string, unknown>>;
  /** @param allowed the statuses in which it could be done */
  constructor(
    action: string,
    currentStatus: JobStatus,
    allowed: readonly JobStatus[],
    advice = 'Submit a new job instead.',
  ) {
    super(`A job that is ${currentStatus} cannot be ${action}. ${advice}`);
    this.extensions = { currentStatus, allowed };
  }
}

/** A worker kept writing the job's history while it was to be canceled. */
export class CancelContendedError extends DomainError {
  readonly code = 'temporary-reduced-capacity';
  override readonly retryable = true;
  override readonly retryAfterSeconds = 1;
  constructor() {
    super('The job is changing too fast right now. Repeat the cancel in a second.');
  }
}

/** There is no result to read. */
export class ResultNotAvailableError extends DomainError {
  readonly code = 'result-not-available';
  override readonly retryable: boolean;
  override readonly extensions: Readonly<Record<string, unknown>>;
  constructor(currentStatus: JobStatus, terminal: boolean) {
    super(
      terminal
        ? `The job is ${currentStatus} and has no result; the job itself says why.`
        : `The job is ${currentStatus}. Wait until it has succeeded: poll it with ?wait=60 or follow its stream.`,
    );
    this.retryable = !terminal;
    this.extensions = { currentStatus };
  }
}

/** The result was there and was erased, on schedule or on request. */
export class ResultExpiredError extends DomainError {
  readonly code = 'result-expired';
  constructor(erasedAt: Date) {
    super(
      `The job's input and result were erased at ${erasedAt.toISOString()}. Its status, timeline and usage stay readable.`,
    );
  }
}

/** A job cannot be repeated: a file of its input is gone. */
export class InputGoneError extends DomainError {
  readonly code = 'result-expired';
  constructor(field: string) {
    super(`The file of the input field "${field}" is no longer stored. Upload it and submit a new job.`);
  }
}

/** This process follows as many jobs as it may. */
export class TooManyWatchersError extends DomainError {
  readonly code = 'temporary-reduced-capacity';
  override readonly retryable = true;
  override readonly retryAfterSeconds = 2;
  constructor() {
    super('Too many clients wait for jobs on this server. Poll without wait, or try again in two seconds.');
  }
}

/** The client accepts no event stream, on a route that answers with nothing else. */
export class NotAcceptableError extends DomainError {
  readonly code = 'not-acceptable';
}

/** The analyzer that a request names is not one that the tenant may use, or does not exist: both answer alike. */
export class UnknownAnalyzerError extends ValidationFailedError {
  constructor() {
    const message = 'is not an analyzer that you may use; GET /v1/analyzers lists them';
    super([{ pointer: '/analyzer', code: 'unknown_analyzer', message }]);
  }
}

/** The key belongs to another request. */
export class IdempotencyKeyReusedError extends DomainError {
  readonly code = 'idempotency-key-reused';
  constructor() {
    super('This Idempotency-Key was used with another body. Use a new key for another request.');
  }
}

/** The first request with this key has not been stored yet. */
export class IdempotencyInProgressError extends DomainError {
  readonly code = 'idempotency-in-progress';
  override readonly retryable = true;
  override readonly retryAfterSeconds = 1;
  constructor() {
    super('A request with this Idempotency-Key is being stored. Repeat it in a second to get its answer.');
  }
}
