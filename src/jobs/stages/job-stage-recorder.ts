import { Injectable } from '@nestjs/common';
import { StageRecorder, type StageTransition } from '../../gpu-scheduler/stage-recorder.js';
import type { Receipt } from '../../gpu-scheduler/work-item.js';
import { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import type { Execution, TransitionItem } from '../transition.js';

/** Adapter of the scheduler's port: stage transitions go into the journal of their attempt. */
@Injectable()
export class JobStageRecorder extends StageRecorder {
  constructor(
    private readonly journals: Journals,
    private readonly recorder: JobRecorder,
  ) {
    super();
  }

  record(transitions: readonly StageTransition[]): void {
    for (const transition of transitions) {
      const journal = this.journals.get(transition.itemId);
      if (!journal || journal.close) continue; // it stopped before the batch did
      journal.append(itemOf(transition));
      this.recorder.touch(journal);
    }
  }
}

function itemOf(t: StageTransition): TransitionItem {
  return {
    type: 'stage.completed',
    at: new Date(t.completedAt).toISOString(),
    stage: t.stage,
    enteredAt: new Date(t.enteredAt).toISOString(),
    durationMs: Math.round(t.completedAt - t.enteredAt),
    ...(t.receipt ? { execution: executionOf(t.receipt) } : {}),
  };
}

function executionOf(r: Receipt): Execution {
  return {
    inferenceBatchId: r.inferenceBatchId,
    batchSize: r.batchSize,
    slot: r.slot,
    size: r.size,
    shapeBucket: r.shapeBucket,
    dispatchReason: r.dispatchReason,
    predictedMs: Math.round(r.predictedMs),
    waits: r.waits,
    batchWaitMs: Math.round(r.batchWaitMs),
    device: r.device,
    deviceType: r.deviceType,
    runtime: r.runtime,
    workerId: r.workerId,
    model: r.model,
  };
}
