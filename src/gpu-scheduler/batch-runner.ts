import { Injectable, Logger } from '@nestjs/common';
import { newUuid } from '../common/ids.js';
import type { InferenceBatchResult } from '../inference/inference-runtime.js';
import { DevicePool } from './device-pool.js';
import type { BatchSlot, RunBatchCommand } from './fairfit/commands.js';
import { SchedulerError } from './gpu-scheduler.errors.js';
import type { PendingItem } from './pending-item.js';
import { type BatchRun, receiptOf } from './receipt.js';
import { failureOf } from './runtime-failure.js';
import { SchedulerMetrics } from './scheduler-metrics.js';
import { SchedulerSettings } from './scheduler-settings.js';
import { StageRecorder, type StageTransition } from './stage-recorder.js';
import type { Completed } from './work-item.js';

/** An item with its place in the batch. */
export interface Member {
  readonly slot: BatchSlot;
  readonly pending: PendingItem;
}

/** How a run ended: the runtime's answer, or what its failure means for all its items. */
export type RunOutcome = { readonly run: BatchRun; readonly result: InferenceBatchResult } | SchedulerError;

/** Carries one inference batch through its runtime and reports the stages of its items. */
@Injectable()
export class BatchRunner {
  private readonly logger = new Logger(BatchRunner.name);

  constructor(
    private readonly pool: DevicePool,
    private readonly recorder: StageRecorder,
    private readonly metrics: SchedulerMetrics,
    private readonly settings: SchedulerSettings,
  ) {}

  /** Hands the batch to its runtime at once, then records that its items left the queue. Never rejects. */
  start(command: RunBatchCommand, members: readonly Member[], dispatchedMs: number): Promise<RunOutcome> {
    const outcome = this.run(command, members, dispatchedMs);
    this.metrics.dispatched(command);
    this.record(
      members.map(({ pending }) => ({
        itemId: pending.item.itemId,
        stage: 'batch',
        enteredAt: pending.enqueuedAt,
        completedAt: pending.epochAt(dispatchedMs),
        receipt: null,
      })),
    );
    return outcome;
  }

  /** Receipts and outputs of a run that succeeded, in the order of the members; records their stage first. */
  complete(
    members: readonly Member[],
    { run, result }: Exclude<RunOutcome, SchedulerError>,
    finishedMs: number,
  ): readonly Completed[] {
    const completed = members.map(({ slot, pending }, i): Completed => {
      const receipt = receiptOf(run, slot, pending, result, finishedMs);
      return { output: result.outputs[i] ?? {}, receipt };
    });
    this.record(
      completed.map(({ receipt }, i) => ({
        itemId: members[i]?.slot.itemId ?? '',
        stage: 'infer',
        enteredAt: receipt.dispatchedAt,
        completedAt: receipt.finishedAt,
        receipt,
      })),
    );
    return completed;
  }

  private async run(command: RunBatchCommand, members: readonly Member[], dispatchedMs: number): Promise<RunOutcome> {
    const residence = this.pool.residence(command.device, command.modelVersionId);
    if (!residence) return new SchedulerError('device_lost', `The model is no longer resident on ${command.device}.`);
    const { runtime, loaded } = residence;
    const inferenceBatchId = newUuid();
    const items = members.map(({ pending }) => ({ ref: pending.item.itemId, inputs: pending.item.input }));
    const { workerId } = this.settings;
    try {
      const result = await runtime.run({ id: inferenceBatchId, model: loaded, items, deadlineMs: command.deadlineMs });
      if (result.outputs.length === members.length) {
        return { run: { inferenceBatchId, command, loaded, workerId, dispatchedMs }, result };
      }
      const counts = `${result.outputs.length} outputs for ${members.length} items`;
      const message = `${runtime.name} gave ${counts}; nobody can tell whose they are.`;
      return new SchedulerError('inference_failed', message, { batchItems: members.length });
    } catch (error) {
      return failureOf(error, members.length);
    }
  }

  /** A recorder that throws must not cost an output. */
  private record(transitions: readonly StageTransition[]): void {
    try {
      this.recorder.record(transitions);
    } catch (error) {
      this.metrics.recorderFailed();
      this.logger.error(`recording ${transitions.length} stage transitions failed: ${(error as Error).message}`);
    }
  }
}
