import { DomainError } from '../../common/domain-error.js';
import { ServerBusyError } from '../../http/http.errors.js';

/** The policy that `violated-policies` names. */
const POLICY = 'queued';
const PENDING_RETRY_SECONDS = 2;

/** The tenant has as many jobs in the queue as it may. */
export class QueueQuotaExceededError extends DomainError {
  readonly code = 'quota-exceeded';
  override readonly retryable = true;
  override readonly extensions: Readonly<Record<string, unknown>>;

  constructor(
    limit: number,
    current: number,
    override readonly retryAfterSeconds: number,
  ) {
    super(
      `${current} of your jobs wait or run, and ${limit} may. Nothing was stored; repeat the request in ` +
        `${retryAfterSeconds} s, cancel jobs that you do not need, or ask the operator for a higher limit.`,
    );
    this.extensions = { 'violated-policies': [POLICY], limit, current };
  }
}

/** The jobs of all tenants together are as many as this installation takes. */
export class QueuesFullError extends ServerBusyError {
  constructor(retryAfterSeconds: number) {
    super(
      `The queues of this installation are full. Nothing was stored; repeat the request in ${retryAfterSeconds} s.`,
      retryAfterSeconds,
    );
  }
}

/** This process has as many unanswered submits as it can hold, or this tenant its share of them. */
export class TooManyPendingError extends ServerBusyError {
  constructor() {
    super(
      `Too many submits wait to be stored here. Nothing was stored; repeat the request in ${PENDING_RETRY_SECONDS} s, with fewer at a time.`,
      PENDING_RETRY_SECONDS,
    );
  }
}
