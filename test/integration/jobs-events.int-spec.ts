import type { MessageEvent } from '@nestjs/common';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { newUuid, publicId } from '../../src/common/ids.js';
import { HttpLayerModule } from '../../src/http/http.module.js';
import { ALL_EVENTS, type EventFilter } from '../../src/jobs/events/event-filter.js';
import { EventCursors } from '../../src/jobs/events/event-cursors.js';
import { EventList } from '../../src/jobs/events/event-list.js';
import { EventReader } from '../../src/jobs/events/event-reader.js';
import { EventStream } from '../../src/jobs/events/event-stream.js';
import { FeedRepository } from '../../src/jobs/events/feed.repository.js';
import { JobEventsModule } from '../../src/jobs/events/job-events.module.js';
import { TenantFeeds } from '../../src/jobs/events/tenant-feeds.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { StreamClock } from '../../src/jobs/watching/stream-clock.js';
import { databaseModule } from '../support/database-module.js';
import { FeedWriter } from '../support/feed-writer.js';
import { query } from '../support/job-fixtures.js';
import { HandWorker, WORKER_PROVIDERS } from '../support/job-worker.js';
import { insertQueuedJobs } from '../support/job-rows.js';
import { until } from '../support/signals.js';

class Room {}
const DAY_MS = 86_400_000;
const brief = (events: readonly MessageEvent[]) =>
  events.map(({ type, data }) => (typeof data === 'string' ? `${type} ${JSON.parse(data).seq}` : `${type}`));

describe('the event log of a tenant', () => {
  let room: TestingModule;
  let list: EventList;
  let cursors: EventCursors;
  let streams: EventStream;
  let feeds: TenantFeeds;
  let writer: FeedWriter;

  beforeAll(async () => {
    const worker = { module: Room, imports: [JobStagesModule], providers: WORKER_PROVIDERS, exports: WORKER_PROVIDERS };
    room = await databaseModule(HttpLayerModule, JobEventsModule, worker);
    [list, cursors, streams] = [room.get(EventList), room.get(EventCursors), room.get(EventStream)];
    feeds = room.get(TenantFeeds);
    writer = await FeedWriter.connect();
  });
  afterAll(async () => {
    await writer.close();
    await room.close();
  });

  /** Follows in the background until `stop`. */
  const following = (tenantId: string, after: string | undefined, filter: EventFilter = ALL_EVENTS) => {
    const client = new AbortController();
    const events: MessageEvent[] = [];
    const heartbeats: MessageEvent[] = [];
    const left = (async () => {
      const place = cursors.open(tenantId, after);
      for await (const event of await streams.open(tenantId, filter, place, client.signal))
        (event.type === 'heartbeat' ? heartbeats : events).push(event);
    })();
    return { events, heartbeats, left, stop: () => (client.abort(), left) };
  };
  /** Other transactions of the server may hold the log back for a moment. */
  const logged = (tenantId: string, count: number) =>
    until(async () => (await all(tenantId)).data.length === count, { what: `${count} events in the log` });
  const all = (tenantId: string, after?: string, filter: EventFilter = ALL_EVENTS, limit = 200) =>
    list.page(tenantId, filter, cursors.open(tenantId, after), limit);
  const nowOf = async (tenantId: string) => cursors.seal(tenantId, await room.get(EventReader).end(tenantId));

  it('tells the whole life of a job once, live and in pages, from any cursor', async () => {
    const tenant = newUuid();
    const live = following(tenant, undefined);
    await until(() => live.events.length === 1);
    expect(live.events[0]).toMatchObject({ type: 'ready', retry: 2000, id: expect.any(String) });
    const [id] = await insertQueuedJobs(tenant, 1);
    await query('insert into maru.job_feed (tenant_id, ids, seqs, ns) values ($1, $2, $3, $3)', [tenant, [id], [1]]);
    const worker = await HandWorker.start(room);
    const [journal] = await worker.claim(tenant, 1);
    for (const stage of ['prepare', 'batch', 'infer', 'interpret'] as const) {
      worker.stage(journal!, stage);
      await worker.written();
    }
    await worker.end(journal!);
    await until(() => live.events.length === 8);
    await live.stop();
    const rows = ['status 1', 'status 2', 'stage 3', 'stage 4', 'stage 5', 'stage 6', 'done 7'];
    expect(brief(live.events)).toEqual(['ready', ...rows]);

    await logged(tenant, 7);
    const page = await all(tenant);
    expect(page.data.map((e) => [e.seq, e.jobId])).toEqual([1, 2, 3, 4, 5, 6, 7].map((s) => [s, publicId('job', id!)]));
    expect(page.data[6]).toMatchObject({ type: 'job.succeeded', resultUrl: expect.stringMatching(/\/result$/) });
    expect(page.hasMore).toBe(false);
    expect(await all(tenant, page.cursor)).toMatchObject({ data: [], hasMore: false });
    for (const [i, { cursor }] of page.data.entries()) {
      expect((await all(tenant, cursor)).data.map((e) => e.seq)).toEqual([2, 3, 4, 5, 6, 7].slice(i));
      const resumed = following(tenant, cursor);
      await until(() => resumed.events.length === 7 - i);
      expect(brief(resumed.events)).toEqual(['ready', ...rows.slice(i + 1)]);
      await resumed.stop();
    }
    const ids = live.events.map((e) => e.id!);
    const again = following(tenant, ids[4]);
    await until(() => again.events.length === 4);
    expect(brief(again.events)).toEqual(['ready', ...rows.slice(4)]);
    await again.stop();
    expect(feeds.count).toBe(0);
  });

  it('pages through with small limits and filters by type and job', async () => {
    const tenant = newUuid();
    const ids = (await writer.write(tenant, 7)).concat(await writer.write(tenant, 3));
    await logged(tenant, 10);
    const seen: string[] = [];
    for (let after: string | undefined, more = true; more;) {
      const page = await all(tenant, after, ALL_EVENTS, 3);
      expect(page.data.length).toBeLessThanOrEqual(3);
      seen.push(...page.data.map((e) => e.jobId));
      [after, more] = [page.cursor, page.hasMore];
    }
    expect(seen).toEqual(ids.map((id) => publicId('job', id)));
    const one = await all(tenant, undefined, { types: null, jobIds: new Set([ids[4]!]) });
    expect(one.data.map((e) => e.jobId)).toEqual([publicId('job', ids[4]!)]);
    expect((await all(tenant, undefined, { types: new Set(['job.failed']), jobIds: null })).data).toEqual([]);
    const live = following(tenant, one.data[0]!.cursor, { types: null, jobIds: new Set(ids.slice(8)) });
    await until(() => live.events.length === 3);
    await live.stop();
    expect((await all(newUuid())).data).toEqual([]);
  });

  it('goes through rows of many jobs, and on from every place in them', async () => {
    const tenant = newUuid();
    const ids: string[] = [];
    for (const count of [600, 1, 700]) ids.push(...(await writer.write(tenant, count)));
    const reader = room.get(EventReader);
    await until(async () => !(await reader.read(tenant, await reader.end(tenant))).held);
    for (const limit of [100, 150, 200]) {
      const seen: string[] = [];
      for (let after: string | undefined, more = true; more;) {
        const page = await all(tenant, after, ALL_EVENTS, limit);
        seen.push(...page.data.map((e) => e.jobId));
        [after, more] = [page.cursor, page.hasMore];
      }
      expect(seen).toEqual(ids.map((id) => publicId('job', id)));
    }
    const live = following(tenant, (await all(tenant, undefined, ALL_EVENTS, 1)).cursor);
    await until(() => live.events.length === ids.length);
    await live.stop();
  });

  it('shows nothing above an older transaction, and everything once that has ended', async () => {
    const tenant = newUuid();
    const start = await nowOf(tenant);
    const other = await FeedWriter.connect();
    const release = await other.hold();
    const live = following(tenant, start);
    await writer.write(tenant, 2);
    const held = await room.get(FeedRepository).read(tenant, cursors.open(tenant, start));
    expect(held).toMatchObject({ rows: [], held: true });
    expect((await all(tenant, start)).data).toEqual([]);
    expect(brief(live.events)).toEqual(['ready']);
    await release();
    await other.close();
    await until(() => live.events.length === 3); // no notification tells: the reader looks again by itself
    await live.stop();
  });

  it('reads once for all streams of a tenant', async () => {
    const tenant = newUuid();
    const many = Array.from({ length: 25 }, () => following(tenant, undefined));
    await until(() => many.every(({ events }) => events.length === 1));
    const reads = vi.spyOn(FeedRepository.prototype, 'read');
    await writer.write(tenant, 3);
    await query('select pg_notify($1, $2)', ['maru_fed', tenant]);
    await until(() => many.every(({ events }) => events.length === 4));
    expect(reads.mock.calls.length).toBeLessThan(25); // notification, looks at what others hold back, and the round
    reads.mockRestore();
    expect(many[0]!.events[2]).toBe(many[24]!.events[2]); // one text for all
    await Promise.all(many.map(({ stop }) => stop()));
    expect(feeds.count).toBe(0);
  });

  it('moves the cursor of an idle stream with its heartbeats', async () => {
    const tenant = newUuid();
    const beats: (() => void)[] = [];
    const clock = vi
      .spyOn(room.get(StreamClock, { strict: false }), 'onBeat')
      .mockImplementation((beat) => (beats.push(beat), () => {}));
    const live = following(tenant, undefined);
    await until(() => live.events.length === 1);
    clock.mockRestore();
    await writer.write(newUuid(), 1);
    await query('select pg_notify($1, $2)', ['maru_fed', tenant]);
    const xidOf = (event: MessageEvent) => cursors.open(tenant, event.id)!.xid;
    const moved = () => live.heartbeats.some((beat) => xidOf(beat) > xidOf(live.events[0]!));
    await until(() => (beats.forEach((beat) => beat()), moved()));
    expect(live.heartbeats[0]).toMatchObject({ type: 'heartbeat', data: { at: expect.any(String) } });
    await live.stop();
  });

  it('refuses a cursor that the log no longer reaches back to, and one of another tenant', async () => {
    const tenant = newUuid();
    await writer.write(tenant, 1);
    const end = await room.get(EventReader).end(tenant);
    const expired = { code: 'event-history-expired' };
    const old = cursors.seal(tenant, { ...end, atMs: end.atMs - 31 * DAY_MS });
    const kept = cursors.seal(tenant, { ...end, atMs: end.atMs - 29 * DAY_MS });
    const future = cursors.seal(tenant, { ...end, xid: end.xid + 1_000_000n }); // of a server that this one is not
    expect(await all(tenant, kept)).toMatchObject({ data: [] });
    for (const cursor of [old, future]) {
      await expect(all(tenant, cursor)).rejects.toMatchObject(expired);
      await expect(following(tenant, cursor).left).rejects.toMatchObject(expired);
    }
    const invalid = expect.objectContaining({ code: 'invalid-page-token' });
    for (const bad of ['x', 'A'.repeat(90), cursors.seal(newUuid(), end)]) {
      expect(() => all(tenant, bad)).toThrow(invalid);
    }
    await query(`update maru.partition_plans set keep = null where table_name = 'job_feed'`);
    expect(await all(tenant, old)).toMatchObject({ data: [] });
    await query(`update maru.partition_plans set keep = '30 days' where table_name = 'job_feed'`);
    expect(feeds.count).toBe(0);
  });

  it('ends its streams when the process stops', async () => {
    const live = following(newUuid(), undefined);
    await until(() => live.events.length === 1);
    feeds.onModuleDestroy();
    await live.left;
    expect(feeds.count).toBe(0);
  });
});
