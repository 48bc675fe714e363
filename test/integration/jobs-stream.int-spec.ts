import type { MessageEvent } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { JobCancel } from '../../src/jobs/canceling/job-cancel.js';
import { JobsRepository } from '../../src/jobs/reading/jobs.repository.js';
import { JobStream } from '../../src/jobs/watching/job-stream.js';
import { JobWaiter } from '../../src/jobs/watching/job-waiter.js';
import { JobWatch } from '../../src/jobs/watching/job-watch.js';
import { contextOf, jobRoom } from '../support/job-room.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { HandWorker } from '../support/job-worker.js';
import { until } from '../support/signals.js';

const never = new AbortController().signal;
const brief = (events: MessageEvent[]) => events.map((e) => `${e.type ?? 'retry'} ${e.id}`);

describe('following jobs', () => {
  let room: TestingModule;
  let streams: JobStream;
  let waiter: JobWaiter;
  let watch: JobWatch;
  let worker: HandWorker;

  beforeAll(async () => {
    room = await jobRoom();
    streams = room.get(JobStream, { strict: false });
    waiter = room.get(JobWaiter, { strict: false });
    watch = room.get(JobWatch, { strict: false });
    worker = await HandWorker.start(room);
  });
  afterAll(() => room.close());

  const oneJob = async (): Promise<[string, string]> => {
    const tenant = newUuid();
    return [tenant, (await insertQueuedJobs(tenant, 1))[0]!];
  };
  const run = async (tenant: string): Promise<void> => {
    const [journal] = await worker.claim(tenant, 1);
    for (const stage of ['prepare', 'batch', 'infer', 'interpret'] as const) {
      worker.stage(journal!, stage);
      await worker.written();
    }
    await worker.end(journal!);
  };
  const collect = async (
    tenant: string,
    id: string,
    cursor: number | null,
    signal = never,
    events: MessageEvent[] = [],
  ): Promise<MessageEvent[]> => {
    const stream = await streams.open(contextOf(tenant), id, cursor, signal);
    for await (const event of stream!.events) events.push(event);
    return events;
  };

  it('sends a snapshot, every row live, done, and ends', async () => {
    const [tenant, id] = await oneJob();
    const events: MessageEvent[] = [];
    const following = collect(tenant, id, null, never, events);
    await until(() => events.length > 0);
    await run(tenant);
    await following;
    expect(brief(events)).toEqual(['snapshot 1', 'status 2', 'stage 3', 'stage 4', 'stage 5', 'stage 6', 'done 7']);
    expect(events[0]).toMatchObject({
      retry: 2000,
      data: { object: 'job', status: 'queued', seq: 1, queue: { tenantPosition: 1 } },
    });
    expect(events[2]!.data).toMatchObject({ seq: 3, type: 'stage.completed', stage: 'prepare', status: 'running' });
    expect(events[6]!.data).toMatchObject({
      status: 'succeeded',
      resultUrl: expect.stringMatching(/^\/v1\/jobs\/job_.*\/result$/),
    });
    expect(watch.count).toBe(0);
  });

  it('resumes after a cursor, replays from 0, and has nothing to say after the end', async () => {
    const [tenant, id] = await oneJob();
    await run(tenant);
    expect(brief(await collect(tenant, id, 4))).toEqual(['retry 4', 'stage 5', 'stage 6', 'done 7']);
    expect(brief(await collect(tenant, id, 0))).toEqual([
      'retry 0',
      ...['status 1', 'status 2', 'stage 3', 'stage 4', 'stage 5', 'stage 6', 'done 7'],
    ]);
    expect(brief(await collect(tenant, id, null))).toEqual(['snapshot 7', 'done 7']);
    expect(await streams.open(contextOf(tenant), id, 7, never)).toBeNull();
    expect(await streams.open(contextOf(tenant), id, 99, never)).toBeNull();
    expect(watch.count).toBe(0);
  });

  it('knows no foreign job and keeps no watcher for it', async () => {
    const [, id] = await oneJob();
    await expect(streams.open(contextOf(newUuid()), id, null, never)).rejects.toMatchObject({ code: 'not-found' });
    expect(watch.count).toBe(0);
  });

  it('ends without done when the client leaves', async () => {
    const [tenant, id] = await oneJob();
    const client = new AbortController();
    const following = collect(tenant, id, null, client.signal);
    await until(() => watch.count > 0);
    client.abort();
    expect(brief(await following)).toEqual(['snapshot 1']);
    expect(watch.count).toBe(0);
  });

  it('waits for the end, for a change, and no longer than asked', async () => {
    const [tenant, id] = await oneJob();
    const context = contextOf(tenant);
    expect(await waiter.untilEnded(context, id, 0, never)).toMatchObject({ status: 'queued' });
    expect(await waiter.untilChanged(context, id, null, 20, never)).toMatchObject({ seq: 1 });
    const ended = waiter.untilEnded(context, id, 30_000, never);
    const changed = waiter.untilChanged(context, id, 1, 30_000, never);
    await until(() => watch.count === 2);
    await room.get(JobCancel).cancel(context, id);
    expect(await ended).toMatchObject({ status: 'canceled', seq: 2 });
    expect(await changed).toMatchObject({ seq: 2 });
    expect(await waiter.untilChanged(context, id, 2, 30_000, never)).toMatchObject({ seq: 2 }); // it never will
    expect(watch.count).toBe(0);
  });

  it('reads once for all who follow the jobs of a tenant', async () => {
    const tenant = newUuid();
    const ids = await insertQueuedJobs(tenant, 20);
    const waits = ids.flatMap((id) => Array.from({ length: 5 }, () => id));
    const reads = vi.spyOn(JobsRepository.prototype, 'findMany');
    const changes = waits.map((id) => waiter.untilChanged(contextOf(tenant), id, 1, 30_000, never));
    await until(() => reads.mock.settledResults.some(({ type }) => type === 'fulfilled'));
    expect(reads.mock.calls.map(([, list]) => list.length)).toEqual([20]);
    reads.mockClear();
    for (const journal of await worker.claim(tenant, 20)) worker.stage(journal, 'prepare');
    await worker.written();
    expect((await Promise.all(changes)).map(({ status }) => status)).toEqual(waits.map(() => 'running'));
    const asked = reads.mock.calls.filter(([tenantId]) => tenantId === tenant);
    reads.mockRestore();
    expect(asked.length).toBeLessThan(20); // flushes and the look at all of them, not watchers
    expect(asked.some(([, list]) => list.length > 1)).toBe(true);
  });

  it('sees a change that nobody announced', async () => {
    const [tenant, id] = await oneJob();
    const waiting = waiter.untilChanged(contextOf(tenant), id, 1, 30_000, never);
    await until(() => watch.count === 1);
    await worker.claim(tenant, 1); // a claim sends no notification
    expect(await waiting).toMatchObject({ status: 'running', seq: 2 });
  });

  it('answers every wait when the process stops', async () => {
    const [tenant, id] = await oneJob();
    const waiting = waiter.untilEnded(contextOf(tenant), id, 30_000, never);
    await until(() => watch.count === 1);
    watch.onModuleDestroy();
    expect(await waiting).toMatchObject({ status: 'queued' });
  });
});
