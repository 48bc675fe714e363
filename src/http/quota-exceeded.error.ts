import { DomainError } from '../common/domain-error.js';
import { type LimitState, secondsOf } from './limit-state.js';

/** Longest wait that an answer advises, seconds: an operator may raise a limit meanwhile. */
const MAX_ADVICE_SECONDS = 86_400;

/** A limit is used up; `violated-policies` names it. */
export class LimitExceededError extends DomainError {
  readonly code = 'quota-exceeded';
  override readonly retryable = true;
  override readonly retryAfterSeconds: number;
  override readonly extensions: Readonly<Record<string, unknown>>;

  constructor(readonly violated: readonly LimitState[]) {
    const seconds = Math.min(MAX_ADVICE_SECONDS, Math.max(...violated.map((state) => secondsOf(state.resetMs))));
    const names = violated.map((state) => `"${state.name}" (${state.quota}${windowOf(state)})`);
    super(`Used up: ${names.join(', ')}. Nothing was done; repeat the request in ${seconds} s.`);
    this.retryAfterSeconds = seconds;
    this.extensions = { 'violated-policies': violated.map((state) => state.name) };
  }
}

/** The files of a tenant would have more bytes than they may. Waiting does not help; deleting files does. */
export class StorageQuotaExceededError extends DomainError {
  readonly code = 'quota-exceeded';
  override readonly retryAfterSeconds = 3_600;
  override readonly extensions: Readonly<Record<string, unknown>>;

  constructor(limitBytes: number, currentBytes: number) {
    super(
      `Your files have ${currentBytes} of ${limitBytes} bytes; this one does not fit. It was not stored. Delete files or results ` +
        'that you do not need, wait until old ones expire, or ask the operator for a higher limit.',
    );
    this.extensions = { 'violated-policies': ['stored'], limit: limitBytes, current: currentBytes };
  }
}

function windowOf({ windowSeconds, unit }: LimitState): string {
  return `${unit ? ` ${unit}` : ''}${windowSeconds === null ? '' : ` in ${windowSeconds} s`}`;
}
