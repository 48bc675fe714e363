import { DomainError, type FieldError } from '../common/domain-error.js';

/** The request cannot be read: broken JSON, a bad query parameter. */
export class MalformedRequestError extends DomainError {
  readonly code = 'malformed-request';
  constructor(
    message: string,
    override readonly errors: readonly FieldError[] = [],
  ) {
    super(message);
  }
}

/** A page token that we did not issue, or that belongs to other filters or another tenant. */
export class InvalidPageTokenError extends DomainError {
  readonly code = 'invalid-page-token';
  constructor() {
    super('This page token is unknown or belongs to other filters. Start again without pageToken.');
  }
}

/** More bytes than a route takes; the message states the limit. */
export class PayloadTooLargeError extends DomainError {
  readonly code = 'payload-too-large';
}

/** A Range that begins behind the end of the content. */
export class RangeNotSatisfiableError extends DomainError {
  readonly code = 'range-not-satisfiable';
  constructor(sizeBytes: number) {
    super(`The range begins behind the end: the content has ${sizeBytes} bytes.`);
  }
}

/** A media type that a route does not take; the message names those that it does. */
export class UnsupportedMediaTypeError extends DomainError {
  readonly code = 'unsupported-media-type';
}

/** A part of this server has as much to do as it can hold; the message says which and that nothing was stored. */
export class ServerBusyError extends DomainError {
  readonly code = 'temporary-reduced-capacity';
  override readonly retryable = true;
  constructor(
    message: string,
    override readonly retryAfterSeconds: number,
  ) {
    super(message);
  }
}
