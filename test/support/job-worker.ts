import type { INestApplicationContext } from '@nestjs/common';
import { QueueRepository } from '../../src/jobs/duties/queue.repository.js';
import { WorkersRepository } from '../../src/jobs/duties/workers.repository.js';
import type { JobEnd, JobJournal } from '../../src/jobs/recording/job-journal.js';
import { JobRecorder } from '../../src/jobs/recording/job-recorder.js';
import { Journals } from '../../src/jobs/recording/journals.js';
import type { Stage } from '../../src/jobs/transition.js';

/** What the hand-driven worker of a test needs beside JobStagesModule. */
export const WORKER_PROVIDERS = [QueueRepository, WorkersRepository];

/** An end with a small result. */
export const SUCCESS: JobEnd = {
  status: 'succeeded',
  cancelReason: null,
  units: 1,
  deviceUs: 1500,
  model: { id: 'mdl_01m8323e5rf42rbk4qyzd4e5r5', name: 'digit-net', version: '1', digest: 'sha256:0' },
  error: null,
  result: { kind: 'text', data: { text: '42' }, digest: 'sha256:1' },
};

/** The worker's half of the job engine, moved by hand: real claims and real recording, no devices. */
export class HandWorker {
  private token = 0;

  private constructor(
    private readonly app: INestApplicationContext,
    readonly id: number,
  ) {}

  static async start(app: INestApplicationContext, name = 'hand'): Promise<HandWorker> {
    return new HandWorker(app, await app.get(WorkersRepository, { strict: false }).register(name));
  }

  async claim(tenantId: string, size: number): Promise<JobJournal[]> {
    const queue = this.app.get(QueueRepository, { strict: false });
    const claims = await queue.claim([{ tenantId, size }], this.id, String(this.id * 1_000_000 + ++this.token));
    return claims.map((c) => this.app.get(Journals, { strict: false }).open(c));
  }

  /** Appends the end of a stage; written with the next flush. */
  stage(journal: JobJournal, stage: Stage): void {
    const at = new Date().toISOString();
    journal.append({ type: 'stage.completed', at, stage, enteredAt: at, durationMs: 0 });
    this.app.get(JobRecorder, { strict: false }).touch(journal);
  }

  /** Resolves when everything appended so far is written or refused. */
  written(): Promise<void> {
    return this.app.get(JobRecorder, { strict: false }).idle();
  }

  /** Ends the attempt. Resolves false when the worker had lost the job. */
  end(journal: JobJournal, end: JobEnd = SUCCESS): Promise<boolean> {
    journal.closeWith({ kind: 'end', end }, { type: `job.${end.status}`, at: new Date().toISOString() });
    this.app.get(JobRecorder, { strict: false }).touch(journal);
    return journal.done;
  }

  /** Gives the job back to the queue, ready at once. */
  requeue(journal: JobJournal): Promise<boolean> {
    const closing = { kind: 'requeue', requeue: { delayMs: 0, alone: false, blameless: true } } as const;
    journal.closeWith(closing, { type: 'job.requeued', at: new Date().toISOString() });
    this.app.get(JobRecorder, { strict: false }).touch(journal);
    return journal.done;
  }
}
