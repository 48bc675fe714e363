import { Injectable } from '@nestjs/common';
import { AnalyzerRegistry } from '../../analyzers/analyzer-registry.js';
import type { Analyzer, AnalyzerResult, Prepared } from '../../analyzers/analyzer.js';
import { GpuSchedulerService } from '../../gpu-scheduler/gpu-scheduler.service.js';
import type { Completed, Receipt, WorkItem } from '../../gpu-scheduler/work-item.js';
import { ModelStore } from '../../inference/models/model-catalog.js';
import { BANDS } from '../job.js';
import type { Claim } from '../recording/claim.js';
import type { JobJournal } from '../recording/job-journal.js';
import { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import { StagePrepareContext } from '../stages/stage-prepare-context.js';
import type { Stage } from '../transition.js';
import { closingOf, successOf } from './attempt-closing.js';
import { RunnerResources } from './runner-resources.js';

type AnyAnalyzer = Analyzer<never, unknown>;

/** Carries one attempt through its stages: prepare, batch and infer (in the scheduler), interpret, and closes it. */
@Injectable()
export class JobRunner {
  constructor(
    private readonly analyzers: AnalyzerRegistry,
    private readonly models: ModelStore,
    private readonly scheduler: GpuSchedulerService,
    private readonly journals: Journals,
    private readonly recorder: JobRecorder,
    private readonly resources: RunnerResources,
  ) {}

  /** Never rejects: whatever happens is written down as the attempt's end. */
  async run(claim: Claim): Promise<void> {
    const journal = this.journals.open(claim);
    const { files, decoders, arena } = this.resources;
    const context = new StagePrepareContext(claim.tenantId, files, decoders, arena, journal.signal);
    const at: { stage: Stage } = { stage: 'prepare' };
    try {
      await this.carry(journal, context, at);
    } catch (error) {
      const { closing, items } = closingOf(error, at.stage, claim, journal.stopped);
      journal.closeWith(closing, ...items);
    } finally {
      context.release();
    }
    if (journal.stopped !== 'lease_lost') {
      this.recorder.touch(journal);
      await journal.done;
    }
    this.journals.forget(journal);
  }

  private async carry(journal: JobJournal, context: StagePrepareContext, at: { stage: Stage }): Promise<void> {
    const { claim } = journal;
    const analyzer = this.analyzers.get(claim.analyzerSlug);
    const input = claim.input as never;
    const prepared = await this.stage(journal, 'prepare', () => analyzer.prepare(input, context));
    at.stage = 'infer';
    const { output, receipt } = await this.infer(journal, analyzer, prepared);
    at.stage = 'interpret';
    const result = await this.stage(journal, 'interpret', () => analyzer.interpret(output, prepared.memo, input));
    this.succeed(journal, result, receipt);
  }

  private infer(journal: JobJournal, analyzer: AnyAnalyzer, prepared: Prepared<unknown>): Promise<Completed> {
    const { claim } = journal;
    const item: WorkItem = {
      itemId: journal.itemId,
      tenantId: claim.tenantId,
      weight: claim.weight,
      band: BANDS[claim.band] ?? 'standard',
      lane: {
        modelVersionId: this.models.byName(analyzer.definition.model).id,
        shapeBucket: prepared.shapeBucket,
        alone: claim.alone,
      },
      size: Object.values(prepared.tensors)[0]?.rows.length ?? 1,
      input: prepared.tensors,
      ...(claim.deadline ? { deadlineAt: claim.deadline.getTime() } : {}),
    };
    return this.scheduler.submit(item, { signal: journal.signal });
  }

  private async stage<T>(journal: JobJournal, stage: Stage, work: () => T | Promise<T>): Promise<T> {
    journal.signal.throwIfAborted();
    const enteredAt = Date.now();
    const value = await work();
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

  private succeed(journal: JobJournal, result: AnalyzerResult, receipt: Receipt): void {
    const { closing, items } = successOf(result, receipt, journal.claim);
    journal.closeWith(closing, ...items);
  }
}
