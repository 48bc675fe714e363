import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/common/ids.js';
import { JobCancel } from '../../src/jobs/canceling/job-cancel.js';
import type { ListJobsQuery } from '../../src/jobs/dto/list-jobs.query.js';
import { ResultNotAvailableError } from '../../src/jobs/jobs.errors.js';
import { JobList } from '../../src/jobs/reading/job-list.js';
import { JobReader } from '../../src/jobs/reading/job-reader.js';
import { JobViews } from '../../src/jobs/reading/job-views.js';
import { query } from '../support/job-fixtures.js';
import { contextOf, jobRoom } from '../support/job-room.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker, SUCCESS } from '../support/job-worker.js';

describe('reads of jobs', () => {
  let room: TestingModule;
  let reader: JobReader;
  let views: JobViews;
  let lists: JobList;
  let worker: HandWorker;

  beforeAll(async () => {
    room = await jobRoom();
    reader = room.get(JobReader, { strict: false });
    views = room.get(JobViews, { strict: false });
    lists = room.get(JobList, { strict: false });
    worker = await HandWorker.start(room);
  });
  afterAll(() => room.close());

  const view = async (tenantId: string, id: string) =>
    views.job(contextOf(tenantId), await reader.get(contextOf(tenantId), id));
  const page = (tenantId: string, changes: Partial<ListJobsQuery> = {}) =>
    lists.page(contextOf(tenantId), { limit: 50, ...changes });

  it('shows a job at every point of its life', async () => {
    const tenant = newUuid();
    const [first, id] = (await insertQueuedJobs(tenant, 2)) as [string, string];
    expect(await view(tenant, id)).toMatchObject({
      id: publicId('job', id),
      status: 'queued',
      seq: 1,
      attempt: 0,
      queue: { tenantPosition: 2, position: null, reason: null },
      progress: { percent: 0, stage: null, basis: 'stages' },
      startedAt: null,
      result: null,
    });
    const held = await worker.claim(tenant, 2);
    const journal = held.find((j) => j.claim.jobId === id)!;
    const started = journal.claim.claimedAt.toISOString();
    expect(await view(tenant, id)).toMatchObject({
      status: 'running',
      seq: 2,
      attempt: 1,
      startedAt: started,
      queue: null,
      stages: [{ name: 'prepare', status: 'active', enteredAt: started }, { status: 'pending' }, {}, {}],
    });
    worker.stage(journal, 'prepare');
    await worker.written();
    expect(await view(tenant, id)).toMatchObject({
      seq: 3,
      startedAt: started, // now from the log, and the same text
      progress: { percent: 25, stage: 'batch' },
      queue: { tenantPosition: null },
    });
    for (const stage of ['batch', 'infer', 'interpret'] as const) worker.stage(journal, stage);
    await worker.end(journal);
    expect(await view(tenant, id)).toMatchObject({
      status: 'succeeded',
      seq: 7,
      progress: { percent: 100, stage: null },
      queue: null,
      result: { jobId: publicId('job', id), object: 'result', kind: 'text', data: { text: '42' } },
      model: SUCCESS.model,
      usage: { units: 1, deviceMs: 2, amount: null, ledgerKey: `${publicId('job', id)}/1/infer` },
    });
    const timeline = await views.timeline(contextOf(tenant), id, 5);
    expect(timeline.data.map((t) => [t.seq, t.type])).toEqual([
      [6, 'stage.completed'],
      [7, 'job.succeeded'],
    ]);
    const again = await views.timeline(contextOf(tenant), id, 0);
    expect(again.data.slice(5)).toEqual(timeline.data); // event ids are stable
    expect(new Set(again.data.map((t) => t.eventId)).size).toBe(7);
    expect((await view(tenant, first)).status).toBe('running');
  });

  it('keeps a large result out of the job and gives it at its own address', async () => {
    const tenant = newUuid();
    const [id] = (await insertQueuedJobs(tenant, 1)) as [string];
    await expect(views.result(contextOf(tenant), id)).rejects.toBeInstanceOf(ResultNotAvailableError);
    const [journal] = await worker.claim(tenant, 1);
    const text = 'x'.repeat(70_000);
    await worker.end(journal!, { ...SUCCESS, result: { kind: 'text', data: { text }, digest: 'sha256:2' } });
    expect((await view(tenant, id)).result).toBeNull();
    expect((await views.result(contextOf(tenant), id)).data).toEqual({ text });
    await expect(views.result(contextOf(newUuid()), id)).rejects.toMatchObject({ code: 'not-found' });
  });

  it('pages through a list without a double or a gap, in both orders', async () => {
    const tenant = newUuid();
    const ids = (await insertQueuedJobs(tenant, 7)).map((id) => publicId('job', id));
    await insertQueuedJobs(newUuid(), 3); // another tenant's
    for (const order of ['desc', 'asc'] as const) {
      const seen: string[] = [];
      for (let token: string | undefined; ;) {
        const answer = await page(tenant, { limit: 3, order, ...(token ? { pageToken: token } : {}) });
        seen.push(...answer.data.map((j) => j.id));
        if (!answer.nextPageToken) break;
        token = answer.nextPageToken;
      }
      expect(seen).toEqual(order === 'asc' ? ids : ids.toReversed());
    }
    const { nextPageToken } = await page(tenant, { limit: 3 });
    const stolen = page(newUuid(), { limit: 3, pageToken: nextPageToken! });
    await expect(stolen).rejects.toMatchObject({ code: 'invalid-page-token' });
    const refiltered = page(tenant, { limit: 3, pageToken: nextPageToken!, analyzer: 'other' });
    await expect(refiltered).rejects.toMatchObject({ code: 'invalid-page-token' });
  });

  it('filters by status, analyzer, time and metadata', async () => {
    const tenant = newUuid();
    const [a, b, c, d] = await insertQueuedJobs(tenant, 4);
    await query(`update maru.jobs set metadata = '{"order":"42","side":"left"}' where id = $1`, [d]);
    await query(`update maru.jobs set analyzer_slug = 'other', created_at = '2020-01-01Z' where id = $1`, [c]);
    const held = await worker.claim(tenant, 2); // a, b
    await worker.end(held.find((j) => j.claim.jobId === a)!);
    await room.get(JobCancel).cancel(contextOf(tenant), c!);
    const found = async (changes: Partial<ListJobsQuery>) => (await page(tenant, changes)).data.map((j) => j.id);
    const named = (...ids: (string | undefined)[]) => ids.map((id) => publicId('job', id!));
    expect(await found({ status: ['succeeded'] })).toEqual(named(a));
    expect(await found({ status: ['running'] })).toEqual(named(b));
    expect(await found({ status: ['queued', 'canceled'] })).toEqual(named(d, c));
    expect(await found({ status: ['expired'] })).toEqual([]);
    expect(await found({ analyzer: 'other' })).toEqual(named(c));
    expect(await found({ createdBefore: '2021-01-01T00:00:00Z' })).toEqual(named(c));
    expect(await found({ createdAfter: '2021-01-01T00:00:00Z' })).toEqual(named(d, b, a));
    expect(await found({ metadata: { order: '42', side: 'left' } })).toEqual(named(d));
    expect(await found({ metadata: { order: '42', side: 'right' } })).toEqual([]);
  });
});
