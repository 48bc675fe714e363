import { setTimeout as sleep } from 'node:timers/promises';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { WorkerPool } from '../../src/database/role-pool.js';
import { CancelRepository } from '../../src/jobs/canceling/cancel.repository.js';
import { closingOf } from '../../src/jobs/duties/attempt-closing.js';
import { QueueRepository } from '../../src/jobs/duties/queue.repository.js';
import { QueueSweeper } from '../../src/jobs/duties/queue-sweeper.js';
import { WorkersRepository } from '../../src/jobs/duties/workers.repository.js';
import { unfoldJob } from '../../src/jobs/job.js';
import { isTerminal } from '../../src/jobs/job-status.js';
import { JobsRepository } from '../../src/jobs/reading/jobs.repository.js';
import type { JobEnd, JobJournal } from '../../src/jobs/recording/job-journal.js';
import { JobRecorder } from '../../src/jobs/recording/job-recorder.js';
import { Journals } from '../../src/jobs/recording/journals.js';
import { STAGES } from '../../src/jobs/transition.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { databaseModule } from '../support/database-module.js';
import { insertQueuedJobs } from '../support/job-rows.js';

const JOBS_PER_TENANT = 200;
const LIMIT_MS = 60_000;
const SUCCESS: JobEnd = {
  status: 'succeeded',
  cancelReason: null,
  units: 1,
  deviceUs: 100,
  model: null,
  error: null,
  result: { kind: 'text', data: {}, digest: 'sha256:0' },
};

let module: TestingModule;
beforeAll(async () => {
  const providers = [QueueRepository, QueueSweeper, WorkersRepository, CancelRepository, JobsRepository];
  module = await databaseModule({ module: JobStagesModule, providers, exports: providers });
});
afterAll(() => module.close());

/** A worker whose lease is taken away again and again while it works: it goes on with what it holds and claims anew. */
async function worker(tenants: readonly string[], done: () => boolean, token: () => string): Promise<void> {
  const [queue, workers, recorder, journals] = [
    module.get(QueueRepository),
    module.get(WorkersRepository),
    module.get(JobRecorder),
    module.get(Journals),
  ];
  const running = new Set<Promise<void>>();
  while (!done()) {
    const id = await workers.register('race');
    const claims = await queue.claim(
      tenants.map((tenantId) => ({ tenantId, size: 7 })),
      id,
      token(),
    );
    for (const claim of claims) {
      const journal = journals.open(claim);
      const run = attempt(journal, recorder).finally(() => (journals.forget(journal), running.delete(run)));
      running.add(run);
    }
    await sleep(Math.random() * 30);
    if (Math.random() < 0.3) await workers.bury(id);
  }
  await Promise.all(running);
}

async function attempt(journal: JobJournal, recorder: JobRecorder): Promise<void> {
  for (const stage of STAGES) {
    await sleep(Math.random() * 15);
    journal.append({ type: 'stage.completed', at: new Date().toISOString(), stage });
    recorder.touch(journal);
  }
  const fails = journal.stopped !== null || Math.random() < 0.1;
  const { closing, items } = closingOf(
    new Error('boom'),
    'infer',
    { ...journal.claim, maxAttempts: 1 },
    journal.stopped,
  );
  if (fails) journal.closeWith(closing, ...items);
  else journal.closeWith({ kind: 'end', end: SUCCESS }, { type: 'job.succeeded', at: new Date().toISOString() });
  recorder.touch(journal);
  await journal.done;
}

it(
  'keeps every history gapless and every end single when workers, reaper and cancels race',
  async () => {
    const tenants = [newUuid(), newUuid(), newUuid()];
    const jobs: { tenantId: string; id: string }[] = [];
    for (const tenantId of tenants) {
      for (const id of await insertQueuedJobs(tenantId, JOBS_PER_TENANT, 10)) jobs.push({ tenantId, id });
    }
    const pool = module.get(WorkerPool, { strict: false });
    const [sweeper, cancels] = [module.get(QueueSweeper), module.get(CancelRepository)];
    let left = jobs.length;
    let counter = 0;
    const end = Date.now() + LIMIT_MS;
    const done = (): boolean => left === 0 || Date.now() > end;
    const steps: Record<string, number> = {};
    const disturb = async (): Promise<void> => {
      while (!done()) {
        await sleep(10);
        await sweeper.reapDeadWorkers();
        for (let i = 0; i < 8; i++) {
          const { tenantId, id } = jobs[Math.floor(Math.random() * jobs.length)]!;
          const step = await cancels.tryCancel(tenantId, id);
          steps[step] = (steps[step] ?? 0) + 1;
        }
        await pool.query('update maru.job_queue set run_at = null where run_at is not null');
        left = (await pool.query<{ n: number }>('select count(*)::int as n from maru.job_queue')).rows[0]!.n;
      }
    };
    const token = (): string => String(++counter);
    await Promise.all([worker(tenants, done, token), worker(tenants, done, token), disturb()]);

    expect(left).toBe(0);
    const ends: Record<string, number> = {};
    let attempts = 0;
    for (const { tenantId, id } of jobs) {
      const rows = await module.get(JobsRepository, { strict: false }).findOne(tenantId, id);
      const job = unfoldJob(rows!);
      expect(isTerminal(job.status)).toBe(true);
      expect(job.transitions.filter((t) => isTerminal(t.status)).length).toBe(1);
      expect(job.seq).toBe(rows!.end!.seq);
      ends[job.status] = (ends[job.status] ?? 0) + 1;
      attempts += job.attempt;
    }
    const ledger = await pool.query<{ n: number }>('select count(*)::int as n from maru.job_ends where device_us > 0');
    expect(ledger.rows[0]!.n).toBe(ends['succeeded']);
    console.log(
      `race: ${jobs.length} jobs, ${attempts} attempts, ${module.get(JobRecorder).staleWrites} stale writes refused`,
      ends,
      steps,
    );
  },
  LIMIT_MS * 2,
);
