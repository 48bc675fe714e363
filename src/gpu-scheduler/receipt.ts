import { publicId } from '../common/ids.js';
import type { InferenceBatchResult, LoadedModel } from '../inference/inference-runtime.js';
import type { BatchSlot, RunBatchCommand, Waits } from './fairfit/commands.js';
import type { PendingItem } from './pending-item.js';
import type { Receipt } from './work-item.js';

/** One run of an inference batch, from its dispatch to its answer. */
export interface BatchRun {
  /** Bare uuid. */
  readonly inferenceBatchId: string;
  readonly command: RunBatchCommand;
  readonly loaded: LoadedModel;
  readonly workerId: string;
  /** Monotonic ms. */
  readonly dispatchedMs: number;
}

/** The proof of execution of one item. Durations are cut to microseconds; the waits add up to the wait exactly. */
export function receiptOf(
  run: BatchRun,
  slot: BatchSlot,
  pending: PendingItem,
  result: InferenceBatchResult,
  finishedMs: number,
): Receipt {
  const { command } = run;
  const { modelVersion, device } = run.loaded;
  const modelId = publicId('model', modelVersion.id);
  const waits = inMicroseconds(slot.waits);
  const dispatchedAt = pending.epochAt(run.dispatchedMs);
  return {
    inferenceBatchId: publicId('inferenceBatch', run.inferenceBatchId),
    batchSize: command.rows,
    slot: slot.slot,
    size: slot.size,
    shapeBucket: command.shapeBucket,
    device: device.id,
    deviceType: device.type,
    runtime: modelVersion.runtime,
    workerId: run.workerId,
    model: {
      id: modelId,
      name: modelVersion.name,
      version: modelVersion.version,
      digest: modelVersion.digest,
    },
    lane: modelId + command.lane.slice(modelVersion.id.length),
    enqueuedAt: pending.enqueuedAt,
    dispatchedAt,
    startedAt: dispatchedAt,
    finishedAt: pending.epochAt(finishedMs),
    batchWaitMs: micros(waits.reduce((sum, wait) => sum + wait.ms * 1000, 0)),
    loadMs: micros(command.loadMs * 1000),
    computeMs: micros(result.deviceMs * 1000),
    predictedMs: micros(command.predictedMs * 1000),
    chargedDeviceMs: micros((result.deviceMs + command.loadMs) * slot.share * 1000),
    dispatchReason: command.dispatchReason,
    waits,
  };
}

function inMicroseconds(waits: Waits): Waits {
  return waits.map(({ reason, ms }) => ({ reason, ms: micros(ms * 1000) }));
}

/** Whole microseconds, in ms. */
function micros(us: number): number {
  return Math.round(us) / 1000;
}
