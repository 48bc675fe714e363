import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TestingModule } from '@nestjs/testing';
import { newUuid } from '../../src/common/ids.js';
import { WorkerPool } from '../../src/database/role-pool.js';
import { QueueRepository } from '../../src/jobs/duties/queue.repository.js';
import { QueueSweeper } from '../../src/jobs/duties/queue-sweeper.js';
import { WorkersRepository } from '../../src/jobs/duties/workers.repository.js';
import type { JobJournal } from '../../src/jobs/recording/job-journal.js';
import { JobRecorder } from '../../src/jobs/recording/job-recorder.js';
import { Journals } from '../../src/jobs/recording/journals.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { databaseModule } from '../support/database-module.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { SUCCESS } from '../support/job-worker.js';

const stage = (name: 'prepare' | 'batch') => ({
  type: 'stage.completed' as const,
  at: new Date().toISOString(),
  stage: name,
});
const last = (type: 'job.succeeded' | 'job.requeued') => ({ type, at: new Date().toISOString() });

describe('recording of attempts', () => {
  let module: TestingModule;
  let queue: QueueRepository;
  let sweeper: QueueSweeper;
  let workers: WorkersRepository;
  let recorder: JobRecorder;
  let journals: Journals;
  let pool: WorkerPool;
  let token = 0;

  beforeAll(async () => {
    module = await databaseModule({
      module: JobStagesModule,
      providers: [QueueRepository, QueueSweeper, WorkersRepository],
      exports: [QueueRepository, QueueSweeper, WorkersRepository],
    });
    [queue, sweeper, workers, recorder, journals, pool] = [
      module.get(QueueRepository),
      module.get(QueueSweeper),
      module.get(WorkersRepository),
      module.get(JobRecorder),
      module.get(Journals),
      module.get(WorkerPool, { strict: false }),
    ];
  });
  afterAll(() => module.close());

  async function claim(tenantId: string, size: number, workerId: number): Promise<JobJournal[]> {
    const claims = await queue.claim([{ tenantId, size }], workerId, String(++token));
    return claims.map((c) => journals.open(c));
  }
  const timelineOf = async (jobId: string) =>
    (
      await pool.query<{ seq: number; n: number }>(
        'select seq, n from maru.job_timeline where job_id = $1 order by seq',
        [jobId],
      )
    ).rows.map((r) => [r.seq, r.n]);
  const endsOf = async (ids: string[]) =>
    (
      await pool.query<{ status: number; seq: number }>(
        'select status, seq from maru.job_ends where id = any($1::uuid[])',
        [ids],
      )
    ).rows;

  it('claims in creation order, through the window of each tenant', async () => {
    const [a, b] = [newUuid(), newUuid()];
    const first = await insertQueuedJobs(a, 5);
    await insertQueuedJobs(b, 2);
    const worker = await workers.register('claims');
    expect(await queue.activeTenants()).toEqual(expect.arrayContaining([a, b]));
    const claims = await queue.claim(
      [
        { tenantId: a, size: 3 },
        { tenantId: b, size: 9 },
      ],
      worker,
      String(++token),
    );
    expect(claims.filter((c) => c.tenantId === a).map((c) => c.jobId)).toEqual(first.slice(0, 3));
    expect(claims.filter((c) => c.tenantId === b)).toHaveLength(2);
    expect(claims.every((c) => c.attempt === 1 && c.seq === 2)).toBe(true);
  });

  it('writes stages, end and ledger with contiguous seq and empties the queue', async () => {
    const tenant = newUuid();
    const ids = await insertQueuedJobs(tenant, 20);
    const held = await claim(tenant, 20, await workers.register('happy'));
    for (const journal of held) {
      journal.append(stage('prepare'));
      recorder.touch(journal);
    }
    await recorder.idle();
    for (const journal of held) {
      journal.append(stage('batch'));
      journal.closeWith({ kind: 'end', end: SUCCESS }, last('job.succeeded'));
      recorder.touch(journal);
    }
    expect(await Promise.all(held.map((j) => j.done))).toEqual(held.map(() => true));
    expect(await timelineOf(ids[0]!)).toEqual([[2, 2]]);
    const ends = await endsOf(ids);
    expect(ends).toHaveLength(20);
    expect(ends.every((e) => e.status === 1 && e.seq === 5)).toBe(true);
    const left = await pool.query('select 1 from maru.job_queue where tenant_id = $1', [tenant]);
    expect(left.rowCount).toBe(0);
  });

  it('gives a dead worker’s jobs back and refuses its late writes', async () => {
    const tenant = newUuid();
    const ids = await insertQueuedJobs(tenant, 3);
    const dead = await workers.register('dies');
    const held = await claim(tenant, 3, dead);
    held[0]!.append(stage('prepare'));
    recorder.touch(held[0]!);
    await recorder.idle();
    await workers.bury(dead);
    expect(await sweeper.reapDeadWorkers()).toBeGreaterThanOrEqual(3);
    const stale = recorder.staleWrites;
    for (const journal of held) {
      journal.closeWith({ kind: 'end', end: SUCCESS }, last('job.succeeded'));
      recorder.touch(journal);
    }
    expect(await Promise.all(held.map((j) => j.done))).toEqual([false, false, false]);
    expect(recorder.staleWrites - stale).toBe(3);
    expect(await endsOf(ids)).toHaveLength(0);
    expect(await timelineOf(ids[0]!)).toEqual([
      [2, 2],
      [4, 1],
    ]);
    expect(await timelineOf(ids[1]!)).toEqual([[2, 2]]);
    const rows = await pool.query(
      'select state, attempt, seq, base from maru.job_queue where tenant_id = $1 order by id',
      [tenant],
    );
    expect(rows.rows).toEqual([
      { state: 0, attempt: 1, seq: 4, base: 4 },
      { state: 0, attempt: 1, seq: 3, base: 3 },
      { state: 0, attempt: 1, seq: 3, base: 3 },
    ]);
  });

  it('fails a job whose every attempt lost its worker', async () => {
    const tenant = newUuid();
    const ids = await insertQueuedJobs(tenant, 1, 1);
    const dead = await workers.register('last attempt');
    await claim(tenant, 1, dead);
    await workers.bury(dead);
    await sweeper.reapDeadWorkers();
    expect(await endsOf(ids)).toEqual([{ status: 2, seq: 3 }]);
  });

  it('requeues with the history kept', async () => {
    const tenant = newUuid();
    const ids = await insertQueuedJobs(tenant, 1);
    const worker = await workers.register('requeues');
    const [journal] = await claim(tenant, 1, worker);
    journal!.closeWith(
      { kind: 'requeue', requeue: { delayMs: 0, alone: true, blameless: false } },
      last('job.requeued'),
    );
    recorder.touch(journal!);
    expect(await journal!.done).toBe(true);
    expect(await timelineOf(ids[0]!)).toEqual([[2, 2]]);
    const [again] = await claim(tenant, 1, worker);
    expect(again!.claim).toMatchObject({ attempt: 2, seq: 4, alone: true });
  });

  it('expires queued jobs past their deadline and gives lost claims back', async () => {
    const tenant = newUuid();
    const ids = await insertQueuedJobs(tenant, 2);
    const worker = await workers.register('loses an answer');
    const [lost] = await queue.claim([{ tenantId: tenant, size: 2 }], worker, '777');
    expect(await sweeper.releaseLostClaims(worker, [lost!])).toBe(1);
    const left = await pool.query('select 1 from maru.job_queue where token = 777');
    expect(left.rowCount).toBe(1);
    await sweeper.releaseLostClaims(
      worker,
      ids.map((jobId) => ({ jobId, token: '777' })),
    );
    await pool.query(`update maru.job_queue set deadline = now() - interval '1 s' where tenant_id = $1`, [tenant]);
    expect(await sweeper.expire()).toBe(2);
    expect((await endsOf(ids)).map((e) => e.status)).toEqual([4, 4]);
  });
});
