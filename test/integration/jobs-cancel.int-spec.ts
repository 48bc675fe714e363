import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFoundError } from '../../src/common/domain-error.js';
import { newUuid } from '../../src/common/ids.js';
import { NotificationListener } from '../../src/database/notification-listener.js';
import { JobCancel } from '../../src/jobs/canceling/job-cancel.js';
import { CHANNEL } from '../../src/jobs/job-channels.js';
import { isTerminal } from '../../src/jobs/job-status.js';
import { InvalidStateTransitionError } from '../../src/jobs/jobs.errors.js';
import { JobReader } from '../../src/jobs/reading/job-reader.js';
import { query } from '../support/job-fixtures.js';
import { contextOf, jobRoom } from '../support/job-room.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker, SUCCESS } from '../support/job-worker.js';
import { until } from '../support/signals.js';

const CANCELED = { ...SUCCESS, status: 'canceled', units: 0, deviceUs: 0, model: null, result: null } as const;

describe('cancel', () => {
  let room: TestingModule;
  let canceling: JobCancel;
  let reader: JobReader;
  let worker: HandWorker;

  beforeAll(async () => {
    room = await jobRoom();
    canceling = room.get(JobCancel);
    reader = room.get(JobReader, { strict: false });
    worker = await HandWorker.start(room);
  });
  afterAll(() => room.close());

  const types = async (tenantId: string, id: string) =>
    (await reader.get(contextOf(tenantId), id)).transitions.map((t) => t.type);

  it('ends a waiting job at once, and again without a change', async () => {
    const tenant = newUuid();
    const [id] = (await insertQueuedJobs(tenant, 1)) as [string];
    const answer = await canceling.cancel(contextOf(tenant), id);
    expect(answer).toMatchObject({ status: 'canceled', seq: 2 });
    expect(answer).toEqual(await reader.get(contextOf(tenant), id));
    expect(answer.rows.end).toMatchObject({ cancelReason: 'client', units: 0, seq: 2 });
    expect(await canceling.cancel(contextOf(tenant), id)).toEqual(answer);
    expect(await worker.claim(tenant, 1)).toEqual([]);
  });

  it('asks the worker of a running job, which then says what really happened', async () => {
    const tenant = newUuid();
    const [id] = (await insertQueuedJobs(tenant, 1)) as [string];
    const [journal] = await worker.claim(tenant, 1);
    const asked: string[] = [];
    const stop = await room
      .get(NotificationListener, { strict: false })
      .listen(CHANNEL.canceling, (p) => asked.push(p));
    const answer = await canceling.cancel(contextOf(tenant), id);
    expect(answer).toMatchObject({ status: 'canceling', seq: 3 });
    await until(() => asked.includes(id));
    stop();
    expect((await canceling.cancel(contextOf(tenant), id)).seq).toBe(3);
    worker.stage(journal!, 'prepare'); // it had the result before it heard of the cancel
    expect(await worker.end(journal!)).toBe(true);
    expect(await types(tenant, id)).toEqual([
      ...['job.queued', 'job.started', 'job.canceling', 'stage.completed', 'job.succeeded'],
    ]);
    await expect(canceling.cancel(contextOf(tenant), id)).rejects.toBeInstanceOf(InvalidStateTransitionError);
  });

  it('follows what the worker has written, in a second attempt too', async () => {
    const tenant = newUuid();
    const [id] = (await insertQueuedJobs(tenant, 1)) as [string];
    const [first] = await worker.claim(tenant, 1);
    worker.stage(first!, 'prepare');
    await worker.written();
    expect(await worker.requeue(first!)).toBe(true);
    const [second] = await until(async () => {
      const claimed = await worker.claim(tenant, 1);
      return claimed.length > 0 && claimed;
    });
    worker.stage(second!, 'prepare');
    await worker.written();
    expect(await canceling.cancel(contextOf(tenant), id)).toMatchObject({ status: 'canceling', seq: 7, attempt: 2 });
    await worker.end(second!, CANCELED);
    expect(await types(tenant, id)).toEqual([
      'job.queued',
      ...['job.started', 'stage.completed', 'job.requeued'],
      ...['job.started', 'stage.completed', 'job.canceling', 'job.canceled'],
    ]);
  });

  it('refuses a job that ended otherwise, and knows no foreign one', async () => {
    const tenant = newUuid();
    const [id] = (await insertQueuedJobs(tenant, 1)) as [string];
    const [journal] = await worker.claim(tenant, 1);
    await worker.end(journal!);
    const refused = await canceling.cancel(contextOf(tenant), id).catch((e: unknown) => e);
    expect(refused).toBeInstanceOf(InvalidStateTransitionError);
    expect((refused as InvalidStateTransitionError).extensions).toEqual({
      currentStatus: 'succeeded',
      allowed: ['queued', 'running', 'canceling', 'canceled'],
    });
    await expect(canceling.cancel(contextOf(newUuid()), id)).rejects.toBeInstanceOf(NotFoundError);
    await expect(canceling.cancel(contextOf(tenant), newUuid())).rejects.toBeInstanceOf(NotFoundError);
  });

  it('races claims, flushes and ends: every job ends once and its timeline has no gap', async () => {
    const tenant = newUuid();
    const ids = await insertQueuedJobs(tenant, 150);
    const context = contextOf(tenant);
    const work = async (): Promise<void> => {
      for (let held = await worker.claim(tenant, 7); held.length > 0; held = await worker.claim(tenant, 7)) {
        for (const stage of ['prepare', 'batch', 'infer'] as const) {
          for (const journal of held) worker.stage(journal, stage);
          await new Promise(setImmediate);
        }
        await Promise.all(held.map((journal) => worker.end(journal)));
      }
    };
    const cancel = async (part: string[]): Promise<void> => {
      for (const id of part)
        await canceling
          .cancel(context, id)
          .catch((e: unknown) => expect(e).toBeInstanceOf(InvalidStateTransitionError));
    };
    const inReverse = ids.filter((_, i) => i % 3 !== 0).reverse();
    await Promise.all([
      work(),
      work(),
      cancel(inReverse.slice(0, 50)),
      cancel(inReverse.slice(50)),
      cancel(ids.slice(0, 40)),
    ]);

    const jobs = await Promise.all(ids.map((id) => reader.get(context, id))); // throws when a seq is missing or doubled
    expect(jobs.filter((j) => !isTerminal(j.status))).toEqual([]);
    const statuses = new Set(jobs.map((j) => j.status));
    expect([...statuses].sort()).toEqual(['canceled', 'succeeded']);
    const [left] = await query<{ n: number }>('select count(*)::int as n from maru.job_queue where tenant_id = $1', [
      tenant,
    ]);
    expect(left?.n).toBe(0);
  });
});
