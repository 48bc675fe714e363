import { DomainError } from '../common/domain-error.js';
import { ModelSuspendedError } from '../inference/inference.errors.js';
import { SchedulerError, type SchedulerErrorCode } from './gpu-scheduler.errors.js';

/**
 * What a failed run means for its items; the runtime's own error stays as the cause. A retryable error says nothing
 * about the input: the device was lost under it (limit exceeded, engine gone). Any other is final.
 * @param batchItems how many items shared the run: one of them may be the cause for all
 */
export function failureOf(error: unknown, batchItems: number): SchedulerError {
  const message = error instanceof Error ? error.message : String(error);
  return new SchedulerError(codeOf(error), message, { cause: error, batchItems });
}

function codeOf(error: unknown): SchedulerErrorCode {
  if (error instanceof ModelSuspendedError) return 'model_unavailable';
  if (error instanceof DomainError && error.retryable) return 'device_lost';
  return 'inference_failed';
}
