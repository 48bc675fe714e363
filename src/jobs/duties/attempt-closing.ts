import type { AnalyzerResult } from '../../analyzers/analyzer.js';
import { digestOf } from '../../common/canonical-json.js';
import { SchedulerError } from '../../gpu-scheduler/gpu-scheduler.errors.js';
import type { Receipt } from '../../gpu-scheduler/work-item.js';
import type { Claim } from '../recording/claim.js';
import type { Closing, JobRequeue, StopReason } from '../recording/job-journal.js';
import { verdictOf } from '../repeating/verdict.js';
import type { ChainPlace, JobError, Stage, TransitionItem } from '../transition.js';
import { type Fault, faultOf, type Guilt } from './attempt-fault.js';
import { requeueDelayMs } from './requeue-delay.js';

/**
 * From this attempt on every failure counts, whoever caused it: twice the ten that a client may ask for. So no job runs
 * for ever, however unlucky its neighbors make it.
 */
const BLAMELESS_BEFORE_ATTEMPT = 20;

/** The deadline passed in the scheduler's queue, or would before any device could have finished. */
const TOO_LATE: ReadonlySet<string> = new Set(['deadline_exceeded', 'deadline_unmeetable']);

/** The last word of an attempt: what is written and how the job goes on. */
export interface AttemptClosing {
  readonly closing: Closing;
  readonly items: readonly TransitionItem[];
}

/**
 * Closing of an attempt that produced a result.
 * @param receipts by step of the analyzer; the last model that ran is the job's, the device time is that of all
 */
export function successOf(
  result: AnalyzerResult,
  receipts: readonly (readonly Receipt[])[],
  claim: Claim,
): AttemptClosing {
  const runs = receipts.flat();
  const deviceMs = runs.reduce((sum, { chargedDeviceMs }) => sum + chargedDeviceMs, 0);
  const body = { kind: result.kind, data: result.data };
  const digest = digestOf(body);
  const end = {
    status: 'succeeded' as const,
    cancelReason: null,
    units: claim.test ? 0 : 1,
    deviceUs: Math.max(1, Math.round(deviceMs * 1000)),
    model: runs.at(-1)?.model ?? null,
    error: null,
    result: { ...body, digest },
    rerunVerdict: claim.pin && verdictOf(claim.pin, digest, receipts),
  };
  return { closing: { kind: 'end', end }, items: [{ type: 'job.succeeded', at: new Date().toISOString() }] };
}

/**
 * Closing of an attempt that did not: canceled, tried again, or failed for good.
 * @param step of a chain of models, where it failed
 */
export function closingOf(
  error: unknown,
  stage: Stage,
  claim: Claim,
  stopped: StopReason | null,
  step: ChainPlace | null = null,
): AttemptClosing {
  const at = new Date().toISOString();
  if (stopped === 'cancel_asked') return ended('canceled', 'client', null, [{ type: 'job.canceled', at }]);
  if (stopped === 'deadline' || (error instanceof SchedulerError && TOO_LATE.has(error.code))) {
    return ended('canceled', 'deadline', null, [
      { type: 'job.canceling', at },
      { type: 'job.canceled', at },
    ]);
  }
  if (stopped === 'draining')
    return requeued({ delayMs: 0, alone: claim.alone, blameless: true }, [
      { type: 'job.requeued', at, message: 'The worker is shutting down.' },
    ]);
  return failureOf(faultOf(error, claim), { stage, ...(step ? { step } : {}) }, claim, at);
}

function failureOf(
  fault: Fault,
  place: { readonly stage: Stage; readonly step?: ChainPlace },
  claim: Claim,
  at: string,
): AttemptClosing {
  const { code, message, retryable } = fault;
  const error: JobError = { code, message, stage: place.stage, retryable, attempt: claim.attempt };
  const failedStage: TransitionItem = { type: 'stage.failed', at, ...place, error };
  const blameless = fault.guilt !== 'own' && claim.attempt < BLAMELESS_BEFORE_ATTEMPT;
  if (!retryable || (!blameless && claim.attempt >= claim.maxAttempts))
    return ended('failed', null, error, [failedStage, { type: 'job.failed', at, error }]);
  const requeue = { delayMs: requeueDelayMs(claim.attempt), alone: claim.alone || fault.suspect, blameless };
  const excuse = blameless ? { message: EXCUSES[fault.guilt] } : {};
  return requeued(requeue, [failedStage, { type: 'job.requeued', at, error, ...excuse }]);
}

const EXCUSES: Readonly<Record<Guilt, string>> = {
  own: '',
  shared: 'Any job of the inference batch may be the cause, so this attempt does not count. The next one runs alone.',
  none: 'The job is not the cause, so this attempt does not count.',
};

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
