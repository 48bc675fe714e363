import { Injectable } from '@nestjs/common';
import type { Claim } from '../recording/claim.js';
import type { JobJournal } from '../recording/job-journal.js';
import { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import { StagePrepareContext } from '../stages/stage-prepare-context.js';
import { type AttemptClosing, closingOf, successOf } from './attempt-closing.js';
import { stopAtDeadline } from './attempt-deadline.js';
import { AttemptSteps } from './attempt-steps.js';
import { JobTargets } from './job-targets.js';
import { RunnerResources } from './runner-resources.js';

/** Carries one attempt through its stages: prepare, batch and infer (in the scheduler), interpret, and closes it. */
@Injectable()
export class JobRunner {
  constructor(
    private readonly targets: JobTargets,
    private readonly steps: AttemptSteps,
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
    try {
      const work = this.carry(journal, context).finally(() => context.release());
      return await Promise.race([work, aborted(signal)]);
    } catch (error) {
      return closingOf(error, journal.stage, claim, journal.stopped, journal.step);
    }
  }

  private async carry(journal: JobJournal, context: StagePrepareContext): Promise<AttemptClosing> {
    const target = await this.targets.of(journal.claim);
    try {
      const { result, receipts } = await this.steps.run(target, journal, context);
      return successOf(result, receipts, journal.claim);
    } finally {
      target.release();
    }
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
