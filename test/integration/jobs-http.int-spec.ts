import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId, uuidOf } from '../../src/common/ids.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { query } from '../support/job-fixtures.js';
import { HandWorker } from '../support/job-worker.js';
import { jobsHttp, storedTenant } from '../support/jobs-http.js';
import { drawnPng } from '../support/pictures.js';
import { until } from '../support/signals.js';

const PNG = drawnPng(16, 16, (x) => x * 10);
const DATA_URI = `data:image/png;base64,${PNG.toString('base64')}`;
const BODY = { analyzer: 'surface-inspection', input: { image: { dataUri: DATA_URI } } };

describe('jobs over HTTP', () => {
  let app: NestFastifyApplication;
  let baseUrl: string;
  let tenant: string;
  let worker: HandWorker;

  beforeAll(async () => {
    ({ app, baseUrl } = await jobsHttp());
    tenant = await storedTenant('surface-inspection', 'signal-anomaly');
    worker = await HandWorker.start(app);
  });
  afterAll(() => app.close());

  const call = (path: string, init: RequestInit = {}, as = tenant) =>
    fetch(baseUrl + path, { ...init, headers: { authorization: `Bearer ${as}`, ...init.headers } });
  const post = (body: unknown, headers: Record<string, string> = {}, path = '/v1/jobs', as = tenant) =>
    call(
      path,
      { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } },
      as,
    );
  const created = async (body: unknown = BODY, headers = {}): Promise<JobDto> => {
    const answer = await post(body, headers);
    expect(answer.status, await answer.clone().text()).toBe(202);
    return (await answer.json()) as JobDto;
  };
  const run = async (as = tenant): Promise<void> => {
    for (const journal of await worker.claim(as, 50)) {
      for (const stage of ['prepare', 'batch', 'infer', 'interpret'] as const) worker.stage(journal, stage);
      await worker.end(journal);
    }
  };

  it('creates a job that the next read shows alike', async () => {
    const answer = await post({
      ...BODY,
      metadata: { order: '7' },
      priority: 'bulk',
      retry: { maxAttempts: 1 },
      test: true,
    });
    const job = (await answer.json()) as JobDto;
    expect(answer.status, JSON.stringify(job)).toBe(202);
    expect(answer.headers.get('location')).toBe(`/v1/jobs/${job.id}`);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(job).toMatchObject({
      status: 'queued',
      seq: 1,
      priority: 'bulk',
      maxAttempts: 1,
      test: true,
      metadata: { order: '7' },
    });
    expect(job.input).toEqual({ image: { fileId: expect.stringMatching(/^file_/) } });
    const read = await call(`/v1/jobs/${job.id}`);
    expect(read.status).toBe(200);
    expect(read.headers.get('etag')).toBe('W/"1"');
    expect(await read.json()).toEqual({ ...job, queue: { ...job.queue, tenantPosition: 1 } });
    const same = await call(`/v1/jobs/${job.id}`, { headers: { 'if-none-match': 'W/"1"' } });
    expect([same.status, await same.text()]).toEqual([304, '']);
    await run();
  });

  it('takes a picture as a multipart part', async () => {
    const form = new FormData();
    form.set('image', new Blob([new Uint8Array(PNG)], { type: 'image/gif' }), '../../evil.png');
    form.set('request', JSON.stringify({ analyzer: 'surface-inspection', input: { threshold: 0.5 } }));
    const answer = await call('/v1/jobs', { method: 'POST', body: form });
    const job = (await answer.json()) as JobDto;
    expect(answer.status, JSON.stringify(job)).toBe(202);
    const same = await created({ ...BODY, input: { threshold: 0.5, image: { dataUri: DATA_URI } } });
    expect(same.inputDigest).toBe(job.inputDigest);
    const { fileId } = job.input!['image'] as { fileId: string };
    const byId = await created({ ...BODY, input: { threshold: 0.5, image: { fileId } } });
    expect(byId.inputDigest).toBe(job.inputDigest);
    const [file] = await query('select name, mime_type from maru.files where id = $1', [uuidOf('file', fileId)]);
    expect(file).toEqual({ name: 'evil.png', mime_type: 'image/png' });
    await run();
  });

  it('answers a repeated key with the first answer, and another body with a problem', async () => {
    const key = { 'idempotency-key': `"${newUuid()}"` };
    const first = await created(BODY, key);
    await run();
    const bare = { 'idempotency-key': key['idempotency-key'].slice(1, -1) };
    const again = await post(BODY, bare);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(await again.json()).toEqual(first);
    const other = await post({ ...BODY, test: true }, bare);
    expect([other.status, ((await other.json()) as { code: string }).code]).toEqual([422, 'idempotency-key-reused']);
    const waited = await post(BODY, { ...bare, prefer: 'wait=5' });
    expect([waited.status, ((await waited.json()) as JobDto).status]).toEqual([200, 'succeeded']);
  });

  it('makes one job of two creates at once with one key', async () => {
    const as = await storedTenant('surface-inspection');
    const key = { 'idempotency-key': newUuid() };
    const answers = await Promise.all([1, 2, 3].map(() => post(BODY, key, '/v1/jobs', as)));
    expect(answers.map((a) => a.status).sort()).toEqual([202, 409, 409]);
    expect(answers.find((a) => a.status === 409)!.headers.get('retry-after')).toBe('1');
    const [{ jobs, files }] = (await query<{ jobs: number; files: number }>(
      `select (select count(*)::int from maru.jobs where tenant_id = $1) as jobs,
              (select count(*)::int from maru.files where tenant_id = $1) as files`,
      [as],
    )) as [{ jobs: number; files: number }];
    expect({ jobs, files }).toEqual({ jobs: 1, files: 1 });
  });

  it('waits for the end when the client prefers that', async () => {
    const waiting = post(BODY, { prefer: 'wait=30' });
    await until(async () => (await query('select 1 from maru.job_queue where tenant_id = $1', [tenant])).length > 0);
    await run();
    const answer = await waiting;
    expect([answer.status, answer.headers.get('preference-applied')]).toEqual([200, 'wait=30']);
    expect(await answer.json()).toMatchObject({ status: 'succeeded', result: { data: { text: '42' } } });
    const unfinished = await post(BODY, { prefer: 'wait=1' });
    expect([unfinished.status, unfinished.headers.get('preference-applied')]).toEqual([202, null]);
    await run();
  });

  it('long-polls until seq changes', async () => {
    const { id } = await created();
    const polling = call(`/v1/jobs/${id}?wait=30`, { headers: { 'if-none-match': 'W/"1"' } });
    await call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    const answer = await polling;
    expect([answer.status, ((await answer.json()) as JobDto).seq]).toEqual([200, 2]);
  });

  it('cancels truthfully', async () => {
    const { id } = await created();
    const answer = await call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual(await (await call(`/v1/jobs/${id}`)).json());
    const running = await created();
    const [journal] = await worker.claim(tenant, 1);
    const asked = await call(`/v1/jobs/${running.id}/cancel`, { method: 'POST' });
    expect([asked.status, ((await asked.json()) as JobDto).status]).toEqual([202, 'canceling']);
    await worker.end(journal!);
    const done = await created();
    await run();
    const refused = await call(`/v1/jobs/${done.id}/cancel`, { method: 'POST' });
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({
      code: 'invalid-state-transition',
      detail: 'A job that is succeeded cannot be canceled. It has ended.',
      currentStatus: 'succeeded',
      allowed: ['queued', 'running', 'canceling', 'canceled'],
    });
  });

  it('quotes without storing anything', async () => {
    const as = await storedTenant('surface-inspection');
    const answer = await post(BODY, { 'idempotency-key': 'unused' }, '/v1/jobs?validateOnly=true', as);
    const body = await answer.json();
    expect([answer.status, body]).toEqual([
      200,
      {
        valid: true,
        inputDigest: expect.stringMatching(/^sha256:/),
        quote: {
          units: 1,
          amount: null,
          estimatedStartAt: null,
          estimatedFinishAt: null,
          etaModel: null,
          quotaLeft: expect.any(Number),
        },
      },
    ]);
    for (const table of ['jobs', 'files', 'idempotency_keys']) {
      expect(await query(`select 1 from maru.${table} where tenant_id = $1`, [as])).toEqual([]);
    }
  });

  it('streams to the end, resumes, and answers the reconnect with 204', async () => {
    const { id } = await created();
    const stream = await call(`/v1/jobs/${id}/stream`, { headers: { accept: 'text/event-stream' } });
    expect(stream.headers.get('content-type')).toMatch('text/event-stream');
    expect(stream.headers.get('cache-control')).toMatch('no-store');
    await run();
    const text = await stream.text();
    expect(text.match(/^id: .*$/gm)!.map((l) => Number(l.slice(4)))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(text).toMatch(/event: snapshot\nid: 1\nretry: 2000\n/);
    expect(text).toMatch(/event: done\nid: 7\n/);
    const resumed = await call(`/v1/jobs/${id}/stream?afterSeq=0`, { headers: { 'last-event-id': '6' } });
    expect((await resumed.text()).match(/^event: .*$/gm)).toEqual(['event: done']);
    const over = await call(`/v1/jobs/${id}/stream`, { headers: { 'last-event-id': '7' } });
    expect([over.status, await over.text()]).toEqual([204, '']);
    const foreign = await call(`/v1/jobs/${id}/stream`, {}, await storedTenant());
    expect(foreign.status).toBe(404);
    expect((await call(`/v1/jobs/${id}/stream`, { headers: { accept: 'application/json' } })).status).toBe(406);
  });

  it('lists jobs by metadata, status and page', async () => {
    const as = await storedTenant('surface-inspection');
    for (const order of ['1', '2', '3']) await post({ ...BODY, metadata: { order } }, {}, '/v1/jobs', as);
    const list = async (search: string) =>
      (await call(`/v1/jobs?${search}`, {}, as)).json() as Promise<{ data: JobDto[]; nextPageToken: string | null }>;
    expect((await list('metadata[order]=2')).data.map((j) => j.metadata['order'])).toEqual(['2']);
    const first = await list('limit=2&status=queued');
    expect(first.data.map((j) => j.metadata['order'])).toEqual(['3', '2']);
    const second = await list(`limit=2&status=queued&pageToken=${first.nextPageToken}`);
    expect([second.data.map((j) => j.metadata['order']), second.nextPageToken]).toEqual([['1'], null]);
  });

  it('offers the tenant its analyzers, with tags', async () => {
    const list = (await (await call('/v1/analyzers')).json()) as { data: { slug: string }[]; hasMore: boolean };
    expect([list.data.map((a) => a.slug), list.hasMore]).toEqual([['signal-anomaly', 'surface-inspection'], false]);
    const one = await call('/v1/analyzers/surface-inspection');
    expect(await one.json()).toMatchObject({
      object: 'analyzer',
      inputSchema: { type: 'object' },
      stages: ['prepare', 'batch', 'infer', 'interpret'],
      models: [expect.stringMatching(/^mdl_/)],
      latency: null,
    });
    const again = await call('/v1/analyzers/surface-inspection', {
      headers: { 'if-none-match': one.headers.get('etag')! },
    });
    expect(again.status).toBe(304);
    for (const path of ['digit-reader', 'nothing', 'surface-inspection?version=99']) {
      expect((await call(`/v1/analyzers/${path}`)).status).toBe(404);
    }
  });

  it('answers a foreign job as one that does not exist, on every route', async () => {
    const { id } = await created();
    const stranger = await storedTenant('surface-inspection');
    for (const [method, suffix] of [
      ['GET', ''],
      ['GET', '/timeline'],
      ['GET', '/result'],
      ['GET', '/stream'],
      ['POST', '/cancel'],
    ] as const) {
      const bodies = await Promise.all(
        [id, publicId('job', newUuid()), 'job_nonsense', id.replace('job_', 'file_')].map(async (given) => {
          const answer = await call(`/v1/jobs/${given}${suffix}`, { method }, stranger);
          const problem = (await answer.json()) as Record<string, unknown>;
          return [answer.status, { ...problem, requestId: '', instance: '' }];
        }),
      );
      expect(new Set(bodies.map((b) => JSON.stringify(b))).size).toBe(1);
      expect(bodies[0]![0]).toBe(404);
    }
    await call(`/v1/jobs/${id}/cancel`, { method: 'POST' });
  });
});
