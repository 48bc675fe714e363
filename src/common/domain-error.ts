/**
 * Root of all errors that a service throws on purpose. `code` is stable and public (API.md names them);
 * the message says what to do next. HTTP statuses are chosen by the HTTP layer alone.
 */
export abstract class DomainError extends Error {
  abstract readonly code: string;
  /** True when the same request may succeed later without a change. */
  readonly retryable: boolean = false;
  /** Seconds after which a retry makes sense; null when unknown or useless. */
  readonly retryAfterSeconds: number | null = null;
  /** Faults of single fields: `pointer` is a JSON pointer into the request body. */
  readonly errors?: readonly FieldError[];
  /** Extra members of the problem document, for example `currentStatus`. */
  readonly extensions?: Readonly<Record<string, unknown>>;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** One fault of one field of a request body. */
export interface FieldError {
  /** JSON pointer (RFC 6901) from the root of the body, for example `/input/image`. */
  readonly pointer: string;
  /** Stable snake_case code, for example `required`. */
  readonly code: string;
  readonly message: string;
}

/** Something does not exist, or belongs to somebody else: both answer alike. */
export class NotFoundError extends DomainError {
  readonly code = 'not-found';
  constructor(message = 'There is nothing at this address, or it is not yours.') {
    super(message);
  }
}

/** Enough to correct a request by; a body of 1 MiB can have 300,000 faults, and the answer must not be larger than it. */
const MAX_FAULTS = 100;
const MAX_FAULTS_IN_MESSAGE = 10;

/** A body that parses but breaks a rule; `errors` lists the faults, at most 100. */
export class ValidationFailedError extends DomainError {
  readonly code = 'validation-failed';
  override readonly errors: readonly FieldError[];

  constructor(faults: readonly FieldError[]) {
    super(summaryOf(faults));
    this.errors = faults.slice(0, MAX_FAULTS);
  }
}

function summaryOf(faults: readonly FieldError[]): string {
  const shown = faults.slice(0, MAX_FAULTS_IN_MESSAGE).map((f) => `${f.pointer} ${f.message}`);
  if (faults.length > shown.length) shown.push(`and ${faults.length - shown.length} more`);
  return shown.join('; ') || 'The request is not valid.';
}
