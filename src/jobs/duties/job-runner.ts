import { Injectable } from '@nestjs/common';
import type { Prepared } from '../../analyzers/analyzer.js';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import type { Completed, WorkItem } from '../../gpu-scheduler/work-item.js';
import type { ModelVersion } from '../../inference/model-version.js';
import { BANDS } from '../job.js';
import type { Claim } from '../recording/claim.js';
import type { JobJournal } from '../recording/job-journal.js';
import { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import { StagePrepareContext } from '../stages/stage-prepare-context.js';
import type { Stage } from '../transition.js';
import { type AttemptClosing, closingOf, successOf } from './attempt-closing.js';
import { stopAtDeadline } from './attempt-deadline.js';
import { type JobTarget, JobTargets } from './job-targets.js';
import { RunnerResources } from './runner-resources.js';

/** Carries one attempt through its stages: prepare, batch and infer (in the scheduler), interpret, and closes it. */
@Injectable()
export class JobRunner {
  constructor(
    private readonly targets: JobTargets,
    private readonly scheduler: GpuSchedulerService,
    private readonly journals: Journals,
    private readonly recorder: JobRecorder,
    private readonly resources: RunnerResources,
  ) {}

  /** Never rejects: whatever happens is written down as the attempt's end. */
  async run(claim: Claim): Promise<void> {
    const journal = this.journals.open(claim);
    const disarm = stopAtDeadline(journal);
    const { closing, items } = await this.attempt(journal);
    disarm();
    journal.closeWith(closing, ...items);
    if (journal.stopped !== 'lease_lost') {
      this.recorder.touch(journal);
      await journal.done;
    }
    this.journals.forget(journal);
  }

  /**
   * Ends with the work, or as soon as the attempt has to stop: work that cannot be stopped, such as a running batch, goes
   * on without an effect and keeps its rows until it lets go of them.
   */
  private async attempt(journal: JobJournal): Promise<AttemptClosing> {
    const { claim, signal } = journal;
    const { files, decoders, arena } = this.resources;
    const turn = { holder: claim.tenantId, weight: claim.weight, rank: claim.band };
    const context = new StagePrepareContext(turn, files, decoders, arena, signal);
    const at: { stage: Stage } = { stage: 'prepare' };
    try {
      const work = this.carry(journal, context, at).finally(() => context.release());
      return await Promise.race([work, aborted(signal)]);
    } catch (error) {
      return closingOf(error, at.stage, claim, journal.stopped);
    }
  }

  private async carry(
    journal: JobJournal,
    context: StagePrepareContext,
    at: { stage: Stage },
  ): Promise<AttemptClosing> {
    const target = await this.targets.of(journal.claim);
    try {
      return await this.carryWith(target, journal, context, at);
    } finally {
      target.release();
    }
  }

  private async carryWith(
    { analyzer, model }: JobTarget,
    journal: JobJournal,
    context: StagePrepareContext,
    at: { stage: Stage },
  ): Promise<AttemptClosing> {
    const { claim } = journal;
    const input = claim.input as never;
    const prepared = await this.stage(journal, 'prepare', () => analyzer.prepare(input, context));
    at.stage = 'infer';
    const { output, receipt } = await this.infer(journal, model, prepared);
    at.stage = 'interpret';
    const result = await this.stage(journal, 'interpret', () => analyzer.interpret(output, prepared.memo, input));
    return successOf(result, receipt, claim);
  }

  private infer(journal: JobJournal, model: ModelVersion, prepared: Prepared<unknown>): Promise<Completed> {
    const { claim } = journal;
    const size = Object.values(prepared.tensors)[0]?.rows.length ?? 1;
    const item: WorkItem = {
      itemId: journal.itemId,
      tenantId: claim.tenantId,
      weight: claim.weight,
      band: BANDS[claim.band] ?? 'standard',
      lane: {
        modelVersionId: model.id,
        shapeBucket: prepared.shapeBucket,
        // A rerun of a job that had its batch to itself gets the same batch again.
        alone: claim.alone || claim.pin?.batchSize === size,
      },
      size,
      input: prepared.tensors,
      ...(claim.deadline ? { deadlineAt: claim.deadline.getTime() } : {}),
    };
    this.journals.submitted(journal);
    return this.scheduler.submit(item, { signal: journal.signal });
  }

  private async stage<T>(journal: JobJournal, stage: Stage, work: () => T | Promise<T>): Promise<T> {
    journal.signal.throwIfAborted();
    const enteredAt = Date.now();
    const value = await work();
    journal.signal.throwIfAborted();
    const now = Date.now();
    journal.append({
      type: 'stage.completed',
      at: new Date(now).toISOString(),
      stage,
      enteredAt: new Date(enteredAt).toISOString(),
      durationMs: now - enteredAt,
    });
    this.recorder.touch(journal);
    return value;
  }
}

/** Rejects when the signal aborts. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
