import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestingModule } from '@nestjs/testing';
import { newUuid } from '../../src/common/ids.js';
import { JobReaper } from '../../src/jobs/duties/job-reaper.js';
import { QueueRepository } from '../../src/jobs/duties/queue.repository.js';
import { QueueSweeper } from '../../src/jobs/duties/queue-sweeper.js';
import { WorkerLease } from '../../src/jobs/duties/worker-lease.js';
import { WorkersRepository } from '../../src/jobs/duties/workers.repository.js';
import type { JobJournal } from '../../src/jobs/recording/job-journal.js';
import { JobRecorder } from '../../src/jobs/recording/job-recorder.js';
import { Journals } from '../../src/jobs/recording/journals.js';
import { query } from '../support/job-fixtures.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { SUCCESS } from '../support/job-worker.js';
import { leaseRoom } from '../support/lease-room.js';
import { until } from '../support/signals.js';

describe('the lease of a worker', () => {
  let module: TestingModule;
  let workers: WorkersRepository;
  let queue: QueueRepository;
  let sweeper: QueueSweeper;
  let journals: Journals;
  let lease: WorkerLease;

  beforeAll(async () => {
    module = await leaseRoom();
    [workers, queue, sweeper, journals] = [
      module.get(WorkersRepository),
      module.get(QueueRepository),
      module.get(QueueSweeper),
      module.get(Journals),
    ];
    lease = module.get(WorkerLease);
    await lease.start();
  });
  afterAll(async () => {
    await lease.stop();
    await module.close();
  });

  async function claim(size: number): Promise<JobJournal[]> {
    const tenantId = newUuid();
    await insertQueuedJobs(tenantId, size);
    const claims = await queue.claim([{ tenantId, size }], lease.workerId, lease.nextToken());
    await query(`update maru.job_queue set claimed_at = claimed_at - interval '1 min' where tenant_id = $1`, [
      tenantId,
    ]);
    return claims.map((c) => journals.open(c));
  }
  async function end(journal: JobJournal): Promise<boolean> {
    journal.closeWith({ kind: 'end', end: SUCCESS }, { type: 'job.succeeded', at: new Date().toISOString() });
    module.get(JobRecorder).touch(journal);
    const committed = await journal.done;
    journals.forget(journal);
    return committed;
  }
  const runOut = (id: number) =>
    query(`update maru.workers set lease_until = clock_timestamp() - interval '1 s' where id = $1`, [id]);
  const isDead = async (id: number) =>
    (await query<{ dead: boolean }>('select dead from maru.workers where id = $1', [id]))[0]!.dead;

  it('does not take a claim for lost when one of its jobs ends during the comparison', async () => {
    const [first, second] = await claim(2);
    const held = queue.held.bind(queue);
    vi.spyOn(queue, 'held').mockImplementationOnce(async (workerId) => {
      const rows = await held(workerId);
      expect(await end(first!)).toBe(true);
      return rows;
    });
    await lease.reconcile();
    expect(await end(second!)).toBe(true);
  });

  it('gives a row back that it holds without knowing it', async () => {
    const [known, forgotten] = await claim(2);
    journals.forget(forgotten!);
    lease.doubtClaims(10_000);
    await lease.reconcile();
    expect(await end(forgotten!)).toBe(false);
    expect(await end(known!)).toBe(true);
  });

  it('is never ended by the worker itself, which may have been stopped for a while', async () => {
    const other = await workers.register('never came back');
    await Promise.all([runOut(lease.workerId), runOut(other)]);
    const reaper = new JobReaper(lease, workers, sweeper, queue);
    reaper.start();
    await until(() => isDead(other), { what: 'the other lease to end' });
    await reaper.stop();
    expect(await isDead(lease.workerId)).toBe(false);
  });

  it('is not ended by others right after the database was away', async () => {
    const reaper = new JobReaper(lease, workers, sweeper, queue);
    const bury = vi.spyOn(workers, 'buryExpired').mockRejectedValueOnce(new Error('ECONNREFUSED'));
    const reap = vi.spyOn(sweeper, 'reapDeadWorkers');
    reaper.start();
    await until(() => reap.mock.calls.length > 0, { what: 'the sweep after the failed one' });
    await reaper.stop();
    expect(bury).toHaveBeenCalledOnce();
  });

  it('is ended on time although a single look failed: a link was reset, the database was not away', async () => {
    const reaper = new JobReaper(lease, workers, sweeper, queue);
    const bury = vi.spyOn(workers, 'buryExpired');
    const expire = vi.spyOn(sweeper, 'expire').mockClear();
    reaper.start();
    await until(() => expire.mock.calls.length === 1, { what: 'a good sweep' });
    bury.mockClear().mockRejectedValueOnce(new Error('ECONNRESET'));
    await until(() => expire.mock.calls.length === 2, { what: 'the sweep after the failed one' });
    await reaper.stop();
    expect(bury).toHaveBeenCalledTimes(2);
  });
});
