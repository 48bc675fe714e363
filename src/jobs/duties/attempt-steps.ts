import { Injectable } from '@nestjs/common';
import type { AnalyzerResult, Prepared } from '../../analyzers/analyzer.js';
import { type ChainStep, laterStepsOf } from '../../analyzers/chain-analyzer.js';
import type { JobJournal } from '../recording/job-journal.js';
import { JobRecorder } from '../recording/job-recorder.js';
import type { StagePrepareContext } from '../stages/stage-prepare-context.js';
import type { Stage, TransitionItem } from '../transition.js';
import type { JobTarget } from './job-targets.js';
import { rowCountOf, StepInference, type StepRun } from './step-inference.js';

/** What an attempt found, and the receipts of each of its steps. */
export interface Analysis {
  readonly result: AnalyzerResult;
  readonly receipts: readonly StepRun['receipts'][];
}

/** What one step hands to the next one, or to `interpret`. */
interface Progress extends StepRun {
  readonly memo: unknown;
}

type Place = NonNullable<JobJournal['step']>;

/** Takes an attempt through its stages, which become transitions: prepare and infer for each of its models, interpret. */
@Injectable()
export class AttemptSteps {
  constructor(
    private readonly inference: StepInference,
    private readonly recorder: JobRecorder,
  ) {}

  /** Rejects when a stage fails, or when the attempt has to stop between two of them. */
  async run({ analyzer, models }: JobTarget, journal: JobJournal, context: StagePrepareContext): Promise<Analysis> {
    const input = journal.claim.input as never;
    const later = laterStepsOf(analyzer);
    const of = later.length + 1;
    journal.step = of > 1 ? { number: 1, of } : null;
    const prepared = await this.stage(journal, 'prepare', () => analyzer.prepare(input, context));
    journal.stage = 'infer';
    let progress: Progress = { ...(await this.inference.whole(journal, models[0]!, prepared)), memo: prepared.memo };
    const receipts = [progress.receipts];
    for (const [i, step] of later.entries()) {
      journal.step = { number: i + 2, of };
      const next = await this.prepareNext(step, progress, journal, context);
      const hasRows = rowCountOf(next.tensors, 0) > 0;
      const run = hasRows ? await this.inference.rows(journal, models[i + 1]!, next) : this.skip(journal, journal.step);
      progress = { ...run, memo: next.memo };
      receipts.push(run.receipts);
      if (!hasRows) break;
    }
    journal.stage = 'interpret';
    journal.step = null;
    const { output, memo } = progress;
    const result = await this.stage(journal, 'interpret', () => analyzer.interpret(output, memo, input));
    return { result, receipts };
  }

  private async prepareNext(
    step: ChainStep<never, unknown>,
    { output, memo }: Progress,
    journal: JobJournal,
    context: StagePrepareContext,
  ): Promise<Prepared<unknown>> {
    journal.stage = 'prepare';
    context.releaseRows();
    const prepare = async (): Promise<Prepared<unknown>> => {
      const prepared = await step.prepare(output, memo, journal.claim.input as never, context);
      const rows = rowCountOf(prepared.tensors, 0);
      if (rows <= step.maxRows) return prepared;
      throw new Error(`The step of ${step.model} gave ${rows} rows; it may give ${step.maxRows}.`);
    };
    const next = await this.stage(journal, 'prepare', prepare, ({ tensors }) => rowCountOf(tensors, 0));
    journal.stage = 'infer';
    return next;
  }

  /** Nothing was found for this step, so there is nothing for those after it either. */
  private skip(journal: JobJournal, { number, of }: Place): StepRun {
    const at = new Date().toISOString();
    const message = 'The step before found nothing to look at.';
    for (let each = number; each <= of; each++) {
      journal.append({ type: 'stage.skipped', at, stage: 'infer', message, step: { number: each, of, items: 0 } });
    }
    return { output: {}, receipts: [] };
  }

  private async stage<T>(
    journal: JobJournal,
    stage: Stage,
    work: () => T | Promise<T>,
    /** Items that the scheduler gets: the first step is one, whatever its rows are. */
    itemsOf: (value: T) => number = () => 1,
  ): Promise<T> {
    journal.signal.throwIfAborted();
    const enteredAt = Date.now();
    const value = await work();
    journal.signal.throwIfAborted();
    const now = Date.now();
    const { step } = journal;
    const item: TransitionItem = {
      type: 'stage.completed',
      at: new Date(now).toISOString(),
      stage,
      enteredAt: new Date(enteredAt).toISOString(),
      durationMs: now - enteredAt,
      ...(step ? { step: { ...step, items: itemsOf(value) } } : {}),
    };
    journal.append(item);
    this.recorder.touch(journal);
    return value;
  }
}
