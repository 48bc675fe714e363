import { type AnalyzerResult, InputUnreadableError, InterpretError } from '../../analyzers/analyzer.js';
import { SchedulerError, type SchedulerErrorCode } from '../../gpu-scheduler/gpu-scheduler.errors.js';
import type { Receipt } from '../../gpu-scheduler/work-item.js';
import { DeadlineExceededError, DecoderGoneError, UndecodableImageError } from '../../inference/inference.errors.js';
import type { Claim } from '../recording/claim.js';
import type { Closing, JobRequeue, StopReason } from '../recording/job-journal.js';
import type { JobError, Stage, TransitionItem } from '../transition.js';
import { digestOf } from '../../common/canonical-json.js';
import { requeueDelayMs } from './requeue-delay.js';

/** The last word of an attempt: what is written and how the job goes on. */
export interface AttemptClosing {
  readonly closing: Closing;
  readonly items: readonly TransitionItem[];
}

/** Closing of an attempt that produced a result. */
export function successOf(result: AnalyzerResult, receipt: Receipt, claim: Claim): AttemptClosing {
  const body = { kind: result.kind, data: result.data };
  const digest = digestOf(body);
  const end = {
    status: 'succeeded' as const,
    cancelReason: null,
    units: claim.test ? 0 : 1,
    deviceUs: Math.max(1, Math.round(receipt.chargedDeviceMs * 1000)),
    model: receipt.model,
    error: null,
    result: { ...body, digest },
  };
  return { closing: { kind: 'end', end }, items: [{ type: 'job.succeeded', at: new Date().toISOString() }] };
}

/** Closing of an attempt that did not: canceled, tried again, or failed for good. */
export function closingOf(error: unknown, stage: Stage, claim: Claim, stopped: StopReason | null): AttemptClosing {
  const at = new Date().toISOString();
  if (stopped === 'cancel_asked') return ended('canceled', 'client', null, [{ type: 'job.canceled', at }]);
  if (stopped === 'draining')
    return requeued({ delayMs: 0, alone: claim.alone, blameless: true }, [
      { type: 'job.requeued', at, message: 'The worker is shutting down.' },
    ]);
  if (error instanceof SchedulerError && error.code === 'deadline_exceeded') {
    return ended('canceled', 'deadline', null, [
      { type: 'job.canceling', at },
      { type: 'job.canceled', at },
    ]);
  }
  const { code, retryable } = faultOf(error);
  const fault: JobError = { code, message: messageOf(error), stage, retryable, attempt: claim.attempt };
  const failedStage: TransitionItem = { type: 'stage.failed', at, stage, error: fault };
  if (retryable && claim.attempt < claim.maxAttempts) {
    const alone = claim.alone || killsNeighbours(error);
    return requeued({ delayMs: requeueDelayMs(claim.attempt), alone, blameless: false }, [
      failedStage,
      { type: 'job.requeued', at, error: fault },
    ]);
  }
  return ended('failed', null, fault, [failedStage, { type: 'job.failed', at, error: fault }]);
}

function ended(
  status: 'failed' | 'canceled',
  cancelReason: 'client' | 'deadline' | null,
  error: JobError | null,
  items: readonly TransitionItem[],
): AttemptClosing {
  const end = { status, cancelReason, units: 0, deviceUs: 0, model: null, error, result: null };
  return { closing: { kind: 'end', end }, items };
}

function requeued(requeue: JobRequeue, items: readonly TransitionItem[]): AttemptClosing {
  return { closing: { kind: 'requeue', requeue }, items };
}

/** The batch took its engine down: its members run again one by one, so that only the guilty one falls twice. */
function killsNeighbours(error: unknown): boolean {
  return error instanceof SchedulerError && error.code === 'device_lost';
}

/** Public code of a fault, and whether another attempt may help. */
function faultOf(error: unknown): { code: string; retryable: boolean } {
  if (error instanceof InputUnreadableError || error instanceof UndecodableImageError)
    return { code: 'input_unreadable', retryable: false };
  if (error instanceof InterpretError) return { code: 'interpret_error', retryable: false };
  if (error instanceof DecoderGoneError) return { code: 'worker_lost', retryable: true };
  if (error instanceof SchedulerError) return schedulerFault(error.code, error.cause);
  return { code: 'model_error', retryable: false };
}

function schedulerFault(code: SchedulerErrorCode, cause: unknown): { code: string; retryable: boolean } {
  switch (code) {
    case 'device_lost':
      return {
        code: cause instanceof DeadlineExceededError ? 'stage_timeout' : 'runtime_disconnected',
        retryable: true,
      };
    case 'model_unavailable':
      return { code: 'model_unavailable', retryable: true };
    case 'queue_full':
    case 'quota_exceeded':
    case 'draining':
    case 'canceled':
      return { code: 'worker_lost', retryable: true };
    case 'deadline_exceeded':
    case 'deadline_unmeetable':
      return { code: 'start_timeout', retryable: false };
    case 'invalid_item':
    case 'item_too_large':
    case 'inference_failed':
      return { code: 'model_error', retryable: false };
    default:
      return code satisfies never;
  }
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 500);
}
