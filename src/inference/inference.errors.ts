import { DomainError } from '../common/domain-error.js';

/** The running batch outlived its limit; its engine was killed and is being replaced. */
export class DeadlineExceededError extends DomainError {
  readonly code = 'deadline_exceeded';
  override readonly retryable = true;
}

/**
 * The engine process ended. `head` tells whether this batch was the one that was running; `killed`, that a signal from
 * outside ended it (an operator, the kernel short of memory), which says nothing about what it ran.
 */
export class EngineGoneError extends DomainError {
  readonly code = 'engine_gone';
  override readonly retryable = true;
  constructor(
    message: string,
    readonly head: boolean,
    readonly killed = false,
  ) {
    super(message);
  }
}

/** A model version killed its engine three times in ten minutes and is not loaded again for now. */
export class ModelSuspendedError extends DomainError {
  readonly code = 'model_suspended';
}

/** The runtime refused the input or gave an output that breaks the signature (shape, type, NaN). Final. */
export class InvalidInferenceError extends DomainError {
  readonly code = 'invalid_inference';
}

/** An inference server could not be reached or answered 429 or 5xx; it may be back later. */
export class RemoteUnavailableError extends DomainError {
  readonly code = 'remote_unavailable';
  override readonly retryable = true;
}

/** An inference server gave no answer within the limit: it may be busy, or the input may be the cause. */
export class RemoteTooSlowError extends RemoteUnavailableError {}

/** The image could not be decoded: truncated, too many pixels, not an image. Final. */
export class UndecodableImageError extends DomainError {
  readonly code = 'undecodable_image';
}

/** The decoder process ended or was too slow; the same input may work again. */
export class DecoderGoneError extends DomainError {
  readonly code = 'decoder_gone';
  override readonly retryable = true;
}
