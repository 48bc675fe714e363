import { Injectable } from '@nestjs/common';
import type { Prepared } from '../../analyzers/analyzer.js';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import type { Receipt, WorkItem } from '../../gpu-scheduler/work-item.js';
import type { ModelVersion } from '../../inference/model-version.js';
import { stackOutputs } from '../../inference/stack-outputs.js';
import type { OutputMap, TensorMap } from '../../inference/tensor.js';
import { BANDS } from '../job.js';
import { rowItemIdOf } from '../recording/claim.js';
import type { JobJournal } from '../recording/job-journal.js';
import { Journals } from '../recording/journals.js';

/** What one step of an attempt came to. */
export interface StepRun {
  /** Axis 0 holds the rows of the step; empty when it had none. */
  readonly output: OutputMap;
  /** One per item, in the order of the rows. */
  readonly receipts: readonly Receipt[];
}

/**
 * A later step cannot fill the queue by itself: what it submits is bounded by the attempts in hand, which the first step was
 * let in for, and by the arena. Refusing it would throw away work that is paid for.
 */
const LATER_LIMITS = { maxEnqueued: Number.MAX_SAFE_INTEGER };

/** Runs the rows of one step of an attempt in the scheduler. */
@Injectable()
export class StepInference {
  constructor(
    private readonly journals: Journals,
    private readonly scheduler: GpuSchedulerService,
  ) {}

  /** The first step, or the only one: all rows are one item, so they run in one inference batch. */
  async whole(journal: JobJournal, model: ModelVersion, prepared: Prepared<unknown>): Promise<StepRun> {
    this.journals.submitted(journal);
    const item = itemOf(journal, model, prepared, prepared.tensors, journal.itemId);
    const { output, receipt } = await this.scheduler.submit(item, { signal: journal.signal });
    return { output, receipts: [receipt] };
  }

  /**
   * A later step: each row is an item of its own, in whatever inference batches it finds room. When one fails, those that
   * wait are taken back; settles when none is running any more, because until then their rows are in use.
   */
  async rows(journal: JobJournal, model: ModelVersion, prepared: Prepared<unknown>): Promise<StepRun> {
    const failure = new AbortController();
    const signal = AbortSignal.any([journal.signal, failure.signal]);
    const items = rowsOf(prepared.tensors).map((tensors, row) => ({
      ...itemOf(journal, model, prepared, tensors, rowItemIdOf(journal.itemId, journal.step?.number ?? 1, row)),
      limits: LATER_LIMITS,
    }));
    const submitted = this.scheduler.submitAll(items, { signal }).map((item) =>
      item.catch((error: unknown) => {
        failure.abort(error);
        throw error;
      }),
    );
    const settled = await Promise.allSettled(submitted);
    if (failure.signal.aborted) throw failure.signal.reason;
    const completed = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    return {
      output: stackOutputs(completed.map(({ output }) => output)),
      receipts: completed.map(({ receipt }) => receipt),
    };
  }
}

function itemOf(
  { claim, step }: JobJournal,
  model: ModelVersion,
  { shapeBucket }: Prepared<unknown>,
  input: TensorMap,
  itemId: string,
): WorkItem {
  const size = rowCountOf(input, 1);
  const pinned = step ? claim.pin?.steps?.[step.number - 1] : claim.pin;
  return {
    itemId,
    tenantId: claim.tenantId,
    weight: claim.weight,
    band: BANDS[claim.band] ?? 'standard',
    lane: {
      modelVersionId: model.id,
      shapeBucket,
      // A rerun of a job that had its batch to itself gets the same batch again.
      alone: claim.alone || pinned?.batchSize === size,
    },
    size,
    input,
    ...(claim.deadline ? { deadlineAt: claim.deadline.getTime() } : {}),
  };
}

/** @param byDefault rows of a map without tensors */
export function rowCountOf(tensors: TensorMap, byDefault: number): number {
  return Object.values(tensors)[0]?.rows.length ?? byDefault;
}

/** The tensors of each row. */
function rowsOf(tensors: TensorMap): TensorMap[] {
  return Array.from({ length: rowCountOf(tensors, 0) }, (_, row) =>
    Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, { ...tensor, rows: tensor.rows.slice(row, row + 1) }]),
    ),
  );
}
