import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { QueueSweeper } from '../../src/jobs/duties/queue-sweeper.js';
import { WorkersRepository } from '../../src/jobs/duties/workers.repository.js';
import { type Job, unfoldJob } from '../../src/jobs/job.js';
import { JobsRepository } from '../../src/jobs/reading/jobs.repository.js';
import type { JobEnd, JobJournal } from '../../src/jobs/recording/job-journal.js';
import { JobRecorder } from '../../src/jobs/recording/job-recorder.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker, SUCCESS, WORKER_PROVIDERS } from '../support/job-worker.js';

const ROUNDS = 10;
const TRIALS = 100;
const STALE: JobEnd = { ...SUCCESS, result: { kind: 'text', data: { text: 'stale' }, digest: 'sha256:stale' } };
const FAILED: JobEnd = { ...STALE, status: 'failed', units: 0, deviceUs: 0, result: null };

/** A process of its own: recorder, journals, claims. */
async function workerProcess(): Promise<{ module: TestingModule; worker: HandWorker; recorder: JobRecorder }> {
  const providers = [...WORKER_PROVIDERS, QueueSweeper, JobsRepository];
  const module = await databaseModule({ module: JobStagesModule, providers, exports: providers });
  return { module, worker: await HandWorker.start(module), recorder: module.get(JobRecorder) };
}

/**
 * What happens around a worker that is stopped past its lease and goes on: another took its jobs over, and it wakes up
 * with results in its hands. Every round is a hundred trials, each a different mix of what it had written, how far its
 * successor is and what it tries to write.
 */
describe('a worker that was stopped past its lease', () => {
  let stopped: Awaited<ReturnType<typeof workerProcess>>;
  let successor: Awaited<ReturnType<typeof workerProcess>>;
  beforeAll(async () => {
    [stopped, successor] = [await workerProcess(), await workerProcess()];
  });
  afterAll(() => Promise.all([stopped.module.close(), successor.module.close()]));

  /** Its lease runs out, the successor's reaper takes everything back, and nothing waits for a retry pause. */
  async function takeOver(workerId: number): Promise<void> {
    await query(`update maru.workers set lease_until = clock_timestamp() - interval '1 s' where id = $1`, [workerId]);
    const { module, worker } = successor;
    await module.get(WorkersRepository).buryExpired(worker.id);
    await module.get(QueueSweeper).reapDeadWorkers();
    await query('update maru.job_queue set run_at = null');
  }

  /** Resolves true when the write was accepted. */
  async function writeLate(worker: HandWorker, journal: JobJournal, what: number): Promise<boolean> {
    switch (what) {
      case 0:
        worker.stage(journal, 'infer');
        await worker.written();
        return journal.stopped !== 'lease_lost';
      case 1:
        return worker.requeue(journal);
      case 2:
        return worker.end(journal, FAILED);
      default:
        return worker.end(journal, STALE);
    }
  }

  async function unfolded(tenantId: string, jobId: string): Promise<Job> {
    return unfoldJob((await successor.module.get(JobsRepository).findOne(tenantId, jobId))!);
  }

  /** One round; returns how many late writes were accepted. */
  async function round(maxAttempts: number): Promise<number> {
    const tenantId = newUuid();
    const ids = await insertQueuedJobs(tenantId, TRIALS, maxAttempts);
    const worker = await HandWorker.start(stopped.module, 'stopped');
    const late = await worker.claim(tenantId, TRIALS);
    late.forEach((journal, i) => i % 3 > 0 && worker.stage(journal, 'prepare'));
    await worker.written();
    await takeOver(worker.id);
    // A third is only queued again, a third runs at the successor, a third has ended there.
    const rightful = await successor.worker.claim(tenantId, Math.floor((TRIALS * 2) / 3));
    const done = rightful.slice(TRIALS / 3).map((journal) => successor.worker.end(journal));
    expect((await Promise.all(done)).every(Boolean)).toBe(true);

    const accepted = await Promise.all(late.map((journal, i) => writeLate(worker, journal, i % 4)));

    const rest = [...rightful.slice(0, TRIALS / 3), ...(await successor.worker.claim(tenantId, TRIALS))];
    const ends = await Promise.all(rest.map((journal) => successor.worker.end(journal)));
    expect(ends.every(Boolean)).toBe(true);
    for (const id of ids) expectRightfulEnd(await unfolded(tenantId, id), maxAttempts);
    return accepted.filter(Boolean).length;
  }

  function expectRightfulEnd({ rows, status, transitions }: Job, maxAttempts: number): void {
    const gaveUp = maxAttempts === 1;
    expect(status).toBe(gaveUp ? 'failed' : 'succeeded');
    expect(rows.end!.attempt).toBe(gaveUp ? 1 : 2);
    expect(rows.end!.result).toEqual(gaveUp ? null : SUCCESS.result);
    const lost = transitions.findIndex((t) => t.error?.code === 'worker_lost');
    expect(transitions.slice(lost + 1).every((t) => t.attempt === 2)).toBe(true);
    expect(transitions.some((t) => t.stage === 'infer')).toBe(false);
  }

  const paid = async () =>
    (
      await query<{ n: number; first: number }>(
        `select count(*)::int as n, (count(*) filter (where attempt = 1))::int as first from maru.usage_ledger`,
      )
    )[0]!;

  it(`writes nothing in ${ROUNDS * TRIALS} trials, and each is counted`, async () => {
    let accepted = 0;
    for (let i = 0; i < ROUNDS; i++) accepted += await round(3);
    expect({ accepted, counted: stopped.recorder.staleWrites }).toEqual({ accepted: 0, counted: ROUNDS * TRIALS });
    expect(await paid()).toEqual({ n: ROUNDS * TRIALS, first: 0 });
    console.log(`${ROUNDS * TRIALS} stale writes: ${accepted} accepted, ${stopped.recorder.staleWrites} counted`);
  }, 120_000);

  it('writes nothing either when the reaper ended the very attempt that it still runs', async () => {
    const before = stopped.recorder.staleWrites;
    expect(await round(1)).toBe(0);
    expect(stopped.recorder.staleWrites - before).toBe(TRIALS);
  });
});
