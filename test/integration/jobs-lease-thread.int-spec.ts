import { Worker } from 'node:worker_threads';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { LeaseThread } from '../../src/jobs/duties/lease-thread.js';
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
import { RivalReaper } from '../support/rival-reaper.js';
import { until } from '../support/signals.js';

const TIMES = { leaseMs: 1_500, renewEveryMs: 400, aliveEveryMs: 200, silenceLimitMs: 3_800 };

/** A computation that the event loop waits for. */
function blockEventLoop(forMs: number): void {
  for (const end = performance.now() + forMs; performance.now() < end;);
}

describe('the lease of a worker whose event loop stands still', () => {
  let module: TestingModule;
  let lease: WorkerLease;
  let rival: RivalReaper;

  beforeAll(async () => {
    module = await leaseRoom(TIMES);
    lease = module.get(WorkerLease);
    await lease.start();
    rival = await RivalReaper.start();
  });
  afterAll(async () => {
    await rival.stop();
    await lease.stop();
    await module.close();
  });
  afterEach(() => void vi.restoreAllMocks());

  async function claimOne(): Promise<JobJournal> {
    const tenantId = newUuid();
    await insertQueuedJobs(tenantId, 1);
    const claims = await module.get(QueueRepository).claim([{ tenantId, size: 1 }], lease.workerId, lease.nextToken());
    return module.get(Journals).open(claims[0]!);
  }
  async function end(journal: JobJournal): Promise<boolean> {
    journal.closeWith({ kind: 'end', end: SUCCESS }, { type: 'job.succeeded', at: new Date().toISOString() });
    module.get(JobRecorder).touch(journal);
    const committed = await journal.done;
    module.get(Journals).forget(journal);
    return committed;
  }
  const leaseUntil = async () =>
    (await query<{ at: Date }>('select lease_until as at from maru.workers where id = $1', [lease.workerId]))[0]!.at;
  /** The thread has heard of this lease and renewed it, or main's heartbeat is off and somebody else did. */
  async function renewedByThread(): Promise<void> {
    const heartbeat = vi.spyOn(module.get(WorkersRepository), 'heartbeat').mockResolvedValue(true);
    const before = await leaseUntil();
    await until(async () => (await leaseUntil()) > before, { what: 'a renewal by the thread' });
    heartbeat.mockRestore();
  }

  it('is renewed by the thread for longer than two leases, and no job is taken', async () => {
    await renewedByThread();
    const [id, journal] = [lease.workerId, await claimOne()];
    blockEventLoop(2.1 * TIMES.leaseMs);
    expect(await module.get(QueueSweeper).reapDeadWorkers()).toBe(0);
    expect(journal.stopped).toBeNull();
    expect(await end(journal)).toBe(true);
    expect(lease.workerId).toBe(id);
  });

  it('runs out when the event loop is silent for too long; then the attempts are void and the worker comes back', async () => {
    await renewedByThread();
    const [id, journal] = [lease.workerId, await claimOne()];
    blockEventLoop(TIMES.silenceLimitMs + TIMES.leaseMs + 1_000);
    expect(await module.get(QueueSweeper).reapDeadWorkers()).toBe(1);
    await until(() => lease.workerId !== id, { what: 'a new lease' });
    expect(journal.stopped).toBe('lease_lost');
    expect(await end(journal)).toBe(false);
    await renewedByThread();
  });

  it('is taken anew as soon as the thread finds it ended', async () => {
    await renewedByThread();
    const [id, journal] = [lease.workerId, await claimOne()];
    vi.spyOn(module.get(WorkersRepository), 'heartbeat').mockResolvedValue(true);
    await module.get(WorkersRepository).bury(id);
    await until(() => lease.workerId !== id, { what: 'a new lease' });
    expect(journal.stopped).toBe('lease_lost');
    expect(await module.get(QueueSweeper).reapDeadWorkers()).toBe(1);
    expect(await end(journal)).toBe(false);
  });

  it('is renewed again after the thread crashed or its connection was lost', async () => {
    const posts = vi.spyOn(Worker.prototype, 'postMessage');
    await until(() => posts.mock.contexts.length > 0, { what: 'a word to the thread' });
    await (posts.mock.contexts[0] as Worker).terminate();
    await renewedByThread();
    await query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'maru_lease'`);
    await renewedByThread();
  });
});

it('a lease thread that was stopped renews nothing and leaves no connection', async () => {
  const module = await leaseRoom(TIMES);
  const thread = module.get(LeaseThread);
  const id = await module.get(WorkersRepository).register('stops', TIMES.leaseMs);
  thread.start(
    () => id,
    () => undefined,
  );
  const connected = () => query(`select 1 from pg_stat_activity where application_name = 'maru_lease'`);
  await until(async () => (await connected()).length === 1, { what: 'the connection of the thread' });
  await thread.stop();
  await until(async () => (await connected()).length === 0, { what: 'the connection to close' });
  await module.close();
});
