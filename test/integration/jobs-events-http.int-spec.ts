import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publicId } from '../../src/common/ids.js';
import type { EventPageDto } from '../../src/jobs/dto/event.dto.js';
import { EventCursors } from '../../src/jobs/events/event-cursors.js';
import { EventReader } from '../../src/jobs/events/event-reader.js';
import { FeedWriter } from '../support/feed-writer.js';
import { jobsHttp, storedTenant } from '../support/jobs-http.js';
import { until } from '../support/signals.js';
import { SseClient } from '../support/sse-client.js';

describe('the event log over HTTP', () => {
  let app: NestFastifyApplication;
  let baseUrl: string;
  let tenant: string;
  let writer: FeedWriter;

  beforeAll(async () => {
    ({ app, baseUrl } = await jobsHttp());
    tenant = await storedTenant();
    writer = await FeedWriter.connect();
  });
  afterAll(async () => {
    await writer.close();
    await app.close();
  });

  const as = (id: string) => ({ authorization: `Bearer ${id}` });
  const list = (query = '', who = tenant) => fetch(`${baseUrl}/v1/events${query}`, { headers: as(who) });
  const page = async (query = '', who = tenant) => (await (await list(query, who)).json()) as EventPageDto;
  const stream = (query = '', headers = {}) =>
    SseClient.open(`${baseUrl}/v1/events/stream${query}`, { ...as(tenant), ...headers });

  it('streams from now on, and resumes by header or query', async () => {
    const first = await stream();
    expect(first.response.headers.get('content-type')).toMatch('text/event-stream');
    expect(first.response.headers.get('cache-control')).toMatch('no-store');
    await until(() => first.messages.length === 1);
    expect(first.messages[0]).toMatchObject({ event: 'ready', id: expect.stringMatching(/^[\w-]{60,}$/) });
    const [id] = await writer.write(tenant, 1);
    const mine = ({ messages }: SseClient) => messages.filter(({ event }) => event !== 'heartbeat');
    await until(() => mine(first).length === 2);
    const job = publicId('job', id!);
    expect(JSON.parse(mine(first)[1]!.data)).toMatchObject({
      jobId: job,
      seq: 1,
      type: 'job.queued',
      status: 'queued',
    });
    first.close();
    const ready = first.messages[0]!.id;
    for (const again of [await stream('', { 'last-event-id': ready }), await stream(`?after=${ready}&jobId=${job}`)]) {
      await until(() => mine(again).length === 2);
      expect(mine(again)[1]!.data).toBe(mine(first)[1]!.data);
      again.close();
    }
    const none = await stream(`?after=${ready}&types=job.failed,job.canceled`);
    const last = await stream('', { 'last-event-id': ready });
    await until(() => mine(last).length === 2);
    expect(mine(none).length).toBe(1);
    for (const client of [none, last]) client.close();
  });

  it('lists the log with a cursor that is never null', async () => {
    const start = (await page()).cursor;
    await writer.write(tenant, 3);
    await until(async () => (await page(`?after=${start}`)).data.length === 3);
    const first = await page(`?after=${start}&limit=2`);
    expect(first).toMatchObject({ hasMore: true, data: [{ seq: 1 }, { seq: 1, resultUrl: null }] });
    expect(first.cursor).not.toBe(start);
    const rest = await page(`?after=${first.cursor}&limit=2&types=job.queued&types=job.failed`);
    expect(rest).toMatchObject({ hasMore: false, data: [{ type: 'job.queued' }] });
    expect(await page(`?after=${rest.cursor}`)).toMatchObject({ data: [], hasMore: false });
  });

  it('refuses what it cannot read, foreign cursors, and places that are gone', async () => {
    const { cursor } = await page();
    const jobs = Array.from({ length: 51 }, () => `jobId=${publicId('job', tenant)}`).join('&');
    const place = app.get(EventCursors, { strict: false }).open(tenant, cursor)!;
    const old = { ...place, atMs: place.atMs - 31 * 86_400_000 };
    const gone = app.get(EventCursors, { strict: false }).seal(tenant, old);
    const cases: [string, number, string][] = [
      ['?after=nonsense', 400, 'invalid-page-token'],
      [`?after=${cursor.slice(0, -2)}`, 400, 'invalid-page-token'],
      ['?types=job.nonsense', 400, 'malformed-request'],
      ['?jobId=ten_01m8323e5rfbnv28231hc5mh2z', 400, 'malformed-request'],
      [`?${jobs}`, 400, 'malformed-request'],
      [`?after=${gone}`, 410, 'event-history-expired'],
    ];
    for (const [query, status, code] of cases) {
      for (const path of ['/v1/events', '/v1/events/stream']) {
        const answer = await fetch(baseUrl + path + query, { headers: as(tenant) });
        expect([path, query, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
          path,
          query,
          status,
          code,
        ]);
      }
    }
    const other = await storedTenant();
    expect((await list(`?after=${cursor}`, other)).status).toBe(400);
    expect((await page('', other)).data).toEqual([]);
    const plain = await fetch(`${baseUrl}/v1/events/stream`, {
      headers: { ...as(tenant), accept: 'application/json' },
    });
    expect(plain.status).toBe(406);
    expect(await app.get(EventReader, { strict: false }).end(tenant)).toMatchObject({ taken: 0 });
  });
});
