import { Injectable } from '@nestjs/common';
import { StageRecorder, type StageTransition } from '../../gpu-scheduler/stage-recorder.js';
import type { Receipt } from '../../gpu-scheduler/work-item.js';
import { attemptItemIdOf } from '../recording/claim.js';
import type { JobJournal } from '../recording/job-journal.js';
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

  /** All transitions of a call are of one inference batch: what an attempt has in it, such as the rows of a step, is one row. */
  record(transitions: readonly StageTransition[]): void {
    const groups = new Map<string, { readonly journal: JobJournal; readonly own: StageTransition[] }>();
    for (const transition of transitions) {
      const itemId = attemptItemIdOf(transition.itemId);
      const group = groups.get(itemId + transition.stage);
      if (group) {
        group.own.push(transition);
        continue;
      }
      const journal = this.journals.get(itemId);
      if (!journal || journal.close) continue; // it stopped before the batch did
      groups.set(itemId + transition.stage, { journal, own: [transition] });
    }
    for (const { journal, own } of groups.values()) {
      const { step } = journal;
      journal.append({ ...itemOf(own), ...(step ? { step: { ...step, items: own.length } } : {}) });
      this.recorder.touch(journal);
    }
  }
}

function itemOf(own: readonly StageTransition[]): TransitionItem {
  const enteredAt = Math.min(...own.map((t) => t.enteredAt));
  const completedAt = Math.max(...own.map((t) => t.completedAt));
  const receipts = own.flatMap(({ receipt }) => receipt ?? []);
  return {
    type: 'stage.completed',
    at: new Date(completedAt).toISOString(),
    stage: own[0]!.stage,
    enteredAt: new Date(enteredAt).toISOString(),
    durationMs: Math.round(completedAt - enteredAt),
    ...(receipts.length > 0 ? { execution: executionOf(joined(receipts)) } : {}),
  };
}

/** The rows of one attempt in one inference batch: the wait is that of the row that waited longest. */
function joined(receipts: readonly Receipt[]): Receipt {
  const longest = receipts.reduce((a, b) => (b.batchWaitMs > a.batchWaitMs ? b : a));
  return {
    ...longest,
    slot: Math.min(...receipts.map(({ slot }) => slot)),
    size: receipts.reduce((sum, { size }) => sum + size, 0),
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
