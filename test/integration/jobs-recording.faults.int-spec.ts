import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TestingModule } from '@nestjs/testing';
import { newUuid } from '../../src/common/ids.js';
import { JobCancel } from '../../src/jobs/canceling/job-cancel.js';
import { JobReader } from '../../src/jobs/reading/job-reader.js';
import { type Flush, RecordingRepository } from '../../src/jobs/recording/recording.repository.js';
import { STAGES } from '../../src/jobs/transition.js';
import { query } from '../support/job-fixtures.js';
import { contextOf, jobRoom } from '../support/job-room.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker, SUCCESS } from '../support/job-worker.js';

describe('recording when the database or the client gets in the way', () => {
  let module: TestingModule;
  let worker: HandWorker;
  let repository: RecordingRepository;

  beforeAll(async () => {
    module = await jobRoom();
    worker = await HandWorker.start(module);
    repository = module.get(RecordingRepository, { strict: false });
  });
  afterEach(() => vi.restoreAllMocks());
  afterAll(() => module.close());

  /** The database commits the next statement of this kind, `meanwhile` happens, and the connection breaks. */
  function loseAnswer(statement: 'progress' | 'finish' | 'requeue', meanwhile: () => void = () => undefined): void {
    const original = repository[statement].bind(repository) as (f: readonly Flush[]) => Promise<Set<string> | null>;
    vi.spyOn(repository, statement).mockImplementationOnce(async (flushes: readonly Flush[]) => {
      await original(flushes);
      meanwhile();
      throw new Error('Connection terminated unexpectedly');
    });
  }
  const claimOne = async (): Promise<{ tenantId: string; journal: Awaited<ReturnType<HandWorker['claim']>>[0] }> => {
    const tenantId = newUuid();
    await insertQueuedJobs(tenantId, 1);
    return { tenantId, journal: (await worker.claim(tenantId, 1))[0]! };
  };
  const typesOf = async (tenantId: string, jobId: string): Promise<string[]> =>
    (await module.get(JobReader, { strict: false }).get(contextOf(tenantId), jobId)).transitions.map(
      (t) => t.stage ?? t.type,
    );

  it('keeps the history whole when the answer to a progress flush is lost and more was appended', async () => {
    const { tenantId, journal } = await claimOne();
    loseAnswer('progress', () => worker.stage(journal, 'batch'));
    worker.stage(journal, 'prepare');
    await worker.written();
    expect(await worker.end(journal)).toBe(true);
    expect(await typesOf(tenantId, journal.claim.jobId)).toEqual([
      'job.queued',
      'job.started',
      'prepare',
      'batch',
      'job.succeeded',
    ]);
  });

  it.each(['end', 'requeue'] as const)('keeps it whole when the %s follows a lost answer', async (closing) => {
    const { tenantId, journal } = await claimOne();
    let closed: Promise<boolean> | undefined;
    loseAnswer('progress', () => (closed = worker[closing](journal)));
    worker.stage(journal, 'prepare');
    await worker.written();
    expect(await closed).toBe(true);
    const last = closing === 'end' ? 'job.succeeded' : 'job.requeued';
    expect(await typesOf(tenantId, journal.claim.jobId)).toEqual(['job.queued', 'job.started', 'prepare', last]);
  });

  it.each(['end', 'requeue'] as const)('takes an %s for committed when only its answer was lost', async (closing) => {
    const { journal } = await claimOne();
    loseAnswer(closing === 'end' ? 'finish' : 'requeue');
    expect(await worker[closing](journal)).toBe(true);
  });

  it('tells no stage twice when a cancel follows a lost answer', async () => {
    const { tenantId, journal } = await claimOne();
    const original = repository.progress.bind(repository);
    vi.spyOn(repository, 'progress').mockImplementationOnce(async (flushes) => {
      await original(flushes);
      await module.get(JobCancel).cancel(contextOf(tenantId), journal.claim.jobId);
      throw new Error('Connection terminated unexpectedly');
    });
    worker.stage(journal, 'prepare');
    await worker.written();
    expect(await worker.end(journal)).toBe(true);
    expect(await typesOf(tenantId, journal.claim.jobId)).toEqual([
      'job.queued',
      'job.started',
      'prepare',
      'job.canceling',
      'job.succeeded',
    ]);
  });

  it('settles an attempt whose lease is lost while the database is away', async () => {
    const { journal } = await claimOne();
    vi.spyOn(repository, 'finish').mockImplementationOnce(async () => {
      journal.stop('lease_lost');
      throw new Error('Connection terminated unexpectedly');
    });
    // Nobody took the job over yet, so the end still counts; what matters is that the attempt is settled.
    expect(await worker.end(journal)).toBe(true);
  });

  it.each([
    ['end', 'job.succeeded'],
    ['requeue', 'job.canceled'],
  ] as const)('a draining attempt whose %s meets a cancel has %s', async (closing, last) => {
    const { tenantId, journal } = await claimOne();
    journal.stop('draining');
    expect((await module.get(JobCancel).cancel(contextOf(tenantId), journal.claim.jobId)).status).toBe('canceling');
    expect(await worker[closing](journal)).toBe(true);
    expect((await typesOf(tenantId, journal.claim.jobId)).at(-1)).toBe(last);
  });

  it('keeps every history whole while its connections are cut', async () => {
    const tenantId = newUuid();
    await insertQueuedJobs(tenantId, 40);
    const held = await worker.claim(tenantId, 40);
    const cut = () =>
      query(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'maru_worker' and datname = current_database()`,
      );
    for (const stage of STAGES) {
      for (const journal of held) worker.stage(journal, stage);
      await Promise.all([worker.written(), cut()]);
    }
    const ends = Promise.all(held.map((journal) => worker.end(journal)));
    await cut();
    expect(await ends).toEqual(held.map(() => true));
    for (const { claim } of held) {
      expect(await typesOf(tenantId, claim.jobId)).toEqual(['job.queued', 'job.started', ...STAGES, 'job.succeeded']);
    }
  });

  it('does not let one job that cannot be stored hold the others up', async () => {
    const tenantId = newUuid();
    await insertQueuedJobs(tenantId, 5);
    const held = await worker.claim(tenantId, 5);
    const ends = held.map((journal, i) => worker.end(journal, i === 2 ? { ...SUCCESS, units: 2 ** 40 } : SUCCESS));
    expect(await Promise.all(ends)).toEqual([true, true, false, true, true]);
    expect(held[2]!.stopped).toBe('lease_lost');
  });
});
