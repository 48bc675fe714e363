import { InputUnreadableError, InterpretError } from '../../analyzers/analyzer.js';
import { SchedulerError } from '../../gpu-scheduler/gpu-scheduler.errors.js';
import {
  DeadlineExceededError,
  DecoderGoneError,
  EngineGoneError,
  RemoteTooSlowError,
  RemoteUnavailableError,
  UndecodableImageError,
} from '../../inference/inference.errors.js';
import { UnknownModelError } from '../../inference/models/model-catalog.js';
import type { Claim } from '../recording/claim.js';
import { PinUnavailableError } from '../repeating/pinned-model.js';
import { NothingServesError } from './job-targets.js';

/**
 * Whose fault it was. `own`: the job's, or nobody can say, so the attempt counts. `shared`: somebody's of the same
 * inference batch. `none`: certainly not the job's.
 */
export type Guilt = 'own' | 'shared' | 'none';

/** What a failed attempt says about its job. */
export interface Fault {
  /** One of the public job error codes. */
  readonly code: string;
  readonly message: string;
  /** Another attempt may help. */
  readonly retryable: boolean;
  readonly guilt: Guilt;
  /** The next attempt runs in batches of one, so that it takes nobody with it and its outcome is its own. */
  readonly suspect: boolean;
}

const MAX_MESSAGE_CHARS = 500;

/** Judges the error that ended an attempt. */
export function faultOf(error: unknown, claim: Claim): Fault {
  const message = (error instanceof Error ? error.message : String(error)).slice(0, MAX_MESSAGE_CHARS);
  const final = { message, retryable: false, guilt: 'own', suspect: false } as const;
  const again = { ...final, retryable: true } as const;
  if (error instanceof InputUnreadableError || error instanceof UndecodableImageError)
    return { ...final, code: 'input_unreadable' };
  if (error instanceof InterpretError) return { ...final, code: 'interpret_error' };
  if (error instanceof DecoderGoneError) return { ...again, code: 'worker_lost' };
  // Its inference server has not been seen yet, or another worker has it.
  if (error instanceof UnknownModelError) return { ...again, code: 'model_unavailable' };
  if (error instanceof PinUnavailableError || error instanceof NothingServesError)
    return { ...again, code: 'model_unavailable' };
  if (!(error instanceof SchedulerError)) return { ...final, code: 'model_error' };
  switch (error.code) {
    case 'device_lost':
      return lostDevice(error, claim, again);
    case 'inference_failed':
      // Outputs are judged for a whole batch: alone, each member is judged by its own.
      return isShared(error)
        ? { ...again, code: 'model_error', guilt: 'shared', suspect: true }
        : { ...final, code: 'model_error' };
    case 'model_unavailable':
      return { ...again, code: 'model_unavailable' };
    case 'queue_full':
    case 'quota_exceeded':
    case 'draining':
      return { ...again, code: 'worker_lost', guilt: 'none' };
    case 'canceled':
      return { ...again, code: 'worker_lost' };
    case 'deadline_exceeded':
    case 'deadline_unmeetable':
      return { ...final, code: 'start_timeout' };
    case 'invalid_item':
    case 'item_too_large':
      return { ...final, code: 'model_error' };
    default:
      return error.code satisfies never;
  }
}

/**
 * The engine went while the batch ran, or while it waited behind another one. Only a crash or a hang of the engine is
 * evidence against the job that it ran: who kills engines from outside, or the kernel that looks for memory (engines go
 * first, whoever took it), may hit anybody, so a kill costs a try and convicts nobody.
 */
function lostDevice(error: SchedulerError, claim: Claim, again: Omit<Fault, 'code'>): Fault {
  const { cause } = error;
  const tooSlow = cause instanceof DeadlineExceededError || cause instanceof RemoteTooSlowError;
  // A server that is away says nothing about what it was to run.
  if (cause instanceof RemoteUnavailableError && !tooSlow) {
    return { ...again, code: 'runtime_unreachable', guilt: 'none' };
  }
  const code = tooSlow ? 'stage_timeout' : 'runtime_disconnected';
  const ran = error.batchItems !== null && !(cause instanceof EngineGoneError && !cause.head);
  if (!ran) return { ...again, code, guilt: 'none' };
  if (isShared(error)) return { ...again, code, guilt: 'shared', suspect: true };
  const isEvidence = cause instanceof DeadlineExceededError || (cause instanceof EngineGoneError && !cause.killed);
  if (!claim.alone || !isEvidence) return { ...again, code, suspect: true };
  return { ...again, code: 'model_error', retryable: false, message: convictionOf(again.message) };
}

function isShared(error: SchedulerError): boolean {
  return (error.batchItems ?? 1) > 1;
}

/** An engine is a resource of all tenants: a job that lost one and then crashes one with nothing else in it gets no more. */
function convictionOf(message: string): string {
  const text = `Two engines ended under this job, the second one with nothing else in it (${message}). It is not tried again: change its input.`;
  return text.slice(0, MAX_MESSAGE_CHARS);
}
