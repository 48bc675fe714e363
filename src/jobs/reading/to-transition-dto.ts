import { eventIdOf } from '../../common/event-id.js';
import type { ExecutionDto, TransitionDto } from '../dto/transition.dto.js';
import type { Execution, Transition } from '../transition.js';

/** A transition as clients see it. `jobId` is the public id. */
export function toTransitionDto(jobId: string, t: Transition): TransitionDto {
  return {
    seq: t.seq,
    eventId: eventIdOf(jobId, t.seq),
    jobId,
    at: t.at,
    type: t.type,
    status: t.status,
    stage: t.stage ?? null,
    attempt: t.attempt,
    enteredAt: t.enteredAt ?? null,
    durationMs: t.durationMs ?? null,
    message: t.message ?? null,
    error: t.error ?? null,
    execution: t.execution ? toExecutionDto(t.execution) : null,
    step: t.step ? { number: t.step.number, of: t.step.of, items: t.step.items ?? null } : null,
  };
}

/** Without what is only for the record. */
function toExecutionDto(e: Execution): ExecutionDto {
  const { inferenceBatchId, batchSize, slot, batchWaitMs, device, deviceType, runtime, workerId, model } = e;
  return { inferenceBatchId, batchSize, slot, batchWaitMs, device, deviceType, runtime, workerId, model };
}
