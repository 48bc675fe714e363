import { DomainError } from '../common/domain-error.js';

/** Stable reasons for which the scheduler refuses or gives up an item. */
export type SchedulerErrorCode =
  | 'queue_full'
  | 'quota_exceeded'
  | 'invalid_item'
  | 'item_too_large'
  | 'deadline_unmeetable'
  | 'deadline_exceeded'
  | 'canceled'
  | 'model_unavailable'
  | 'device_lost'
  | 'inference_failed'
  | 'draining';

const RETRYABLE: readonly SchedulerErrorCode[] = ['device_lost', 'queue_full', 'quota_exceeded', 'draining'];

/** Rejection of `submit`. `cause` keeps the runtime's own error for `device_lost` and `inference_failed`. */
export class SchedulerError extends DomainError {
  override readonly retryable: boolean;
  /** Set with `queue_full` and `quota_exceeded`; ms. */
  readonly retryAfterMs: number | null;
  /** Items of the inference batch that failed, this one included; null when none was running. */
  readonly batchItems: number | null;

  constructor(
    readonly code: SchedulerErrorCode,
    message: string,
    options?: ErrorOptions & { readonly retryAfterMs?: number; readonly batchItems?: number },
  ) {
    super(message, options);
    this.retryable = RETRYABLE.includes(code);
    this.retryAfterMs = options?.retryAfterMs ?? null;
    this.batchItems = options?.batchItems ?? null;
  }
}
