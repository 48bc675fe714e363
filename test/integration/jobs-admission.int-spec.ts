import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/common/ids.js';
import { QueueCounter } from '../../src/jobs/admission/queue-counter.js';
import type { JobDto } from '../../src/jobs/dto/job.dto.js';
import { query } from '../support/job-fixtures.js';
import { HandWorker, SUCCESS } from '../support/job-worker.js';
import { jobsHttp } from '../support/jobs-http.js';
import { drawnPng } from '../support/pictures.js';
import { until } from '../support/signals.js';
import { fullTenant, type Problem, rowsOf, statusesOf, submitter, whileLocked } from '../support/admission.js';

const PNG = drawnPng(16, 16, (x) => x * 10);
const REGISTRY = 'https://iana.org/assignments/http-problem-types';

describe('a tenant may have so many jobs in the queue', () => {
  let app: NestFastifyApplication;
  let worker: HandWorker;
  let submit: ReturnType<typeof submitter>;
  let baseUrl: string;

  beforeAll(async () => {
    ({ app, baseUrl } = await jobsHttp());
    submit = submitter(baseUrl);
    worker = await HandWorker.start(app);
  });
  afterAll(() => app.close());

  it('answers 429 above it, tells which limit and when to come back, and stores nothing', async () => {
    const tenant = await fullTenant(submit, 3);
    const answer = await submit(tenant);
    const body = (await answer.json()) as Problem;
    const seconds = Number(answer.headers.get('retry-after'));
    expect(answer.status).toBe(429);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(seconds).toBeGreaterThanOrEqual(1);
    expect(seconds).toBeLessThanOrEqual(60);
    expect(body).toEqual({
      type: `${REGISTRY}#quota-exceeded`,
      title: 'Quota exceeded',
      status: 429,
      detail: `3 of your jobs wait or run, and 3 may. Nothing was stored; repeat the request in ${seconds} s, cancel jobs that you do not need, or ask the operator for a higher limit.`,
      instance: '/v1/jobs',
      code: 'quota-exceeded',
      requestId: answer.headers.get('x-request-id'),
      traceId: null,
      retryable: true,
      retryAfter: seconds,
      errors: [],
      'violated-policies': ['queued'],
      limit: 3,
      current: 3,
    });
    expect(await rowsOf(tenant)).toEqual({ jobs: 3, queued: 3, files: 0, keys: 0 });
  });

  it('stores neither the files nor the key of a refused request', async () => {
    const tenant = await fullTenant(submit, 1);
    const form = new FormData();
    form.set('request', JSON.stringify({ analyzer: 'surface-inspection', input: {} }));
    form.set('image', new Blob([new Uint8Array(PNG)]), 'a.png');
    const headers = { authorization: `Bearer ${tenant}`, 'idempotency-key': newUuid() };
    const answer = await fetch(`${baseUrl}/v1/jobs`, { method: 'POST', headers, body: form });
    expect(answer.status).toBe(429);
    expect(await rowsOf(tenant)).toEqual({ jobs: 1, queued: 1, files: 0, keys: 0 });
  });

  it('still answers the repetition of a request that it took', async () => {
    const key = { 'idempotency-key': newUuid() };
    const tenant = await fullTenant(submit, 0);
    await query('update maru.tenants set max_queued_jobs = 1 where id = $1', [tenant]);
    const first = await submit(tenant, key);
    expect(first.status).toBe(202);
    expect((await submit(tenant)).status).toBe(429);
    const again = await submit(tenant, key);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
    expect(((await again.json()) as JobDto).id).toBe(((await first.json()) as JobDto).id);
    expect(await rowsOf(tenant)).toMatchObject({ jobs: 1, keys: 1 });
  });

  it('tells a quote how many may still come', async () => {
    const tenant = await fullTenant(submit, 2, 5);
    const answer = await submit(tenant, {}, '/v1/jobs?validateOnly=true');
    expect(await answer.json()).toMatchObject({ quote: { quotaLeft: 3 } });
  });

  it('refuses a retry like any other new job', async () => {
    const tenant = await fullTenant(submit, 1, 1);
    const [journal] = await worker.claim(tenant, 1);
    const error = { code: 'model_error', message: 'x', stage: 'infer', retryable: false, attempt: 1 } as const;
    await worker.end(journal!, { ...SUCCESS, status: 'failed', error, result: null });
    const [failed] = await query<{ id: string }>('select id from maru.job_ends where tenant_id = $1', [tenant]);
    const retry = () => submit(tenant, {}, `/v1/jobs/${publicId('job', failed!.id)}/retry`, null);
    await until(async () => (await retry()).status === 202);
    const answer = await retry();
    expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([429, 'quota-exceeded']);
  });

  it('takes exactly as many of a flood as there is room for, and lets other tenants through meanwhile', async () => {
    const tenant = await fullTenant(submit, 0, 100);
    const other = await fullTenant(submit, 1, 100);
    const statuses: number[] = [];
    const flood = await whileLocked('jobs', 'share', async () => {
      const answers = Array.from({ length: 150 }, () => submit(tenant));
      for (const answer of answers) void answer.then(({ status }) => statuses.push(status));
      await until(() => statuses.length === 50, { what: 'the refusals, while nothing is written yet' });
      return [answers, Array.from({ length: 20 }, () => submit(other))] as const;
    });
    expect(statuses.slice(0, 50)).toEqual(Array(50).fill(429));
    expect(await statusesOf(flood[0])).toEqual({ 202: 100, 429: 50 });
    expect(await statusesOf(flood[1])).toEqual({ 202: 20 });
    expect(await rowsOf(tenant)).toMatchObject({ jobs: 100, queued: 100 });
  });

  it('stays exact when requests fail and the queue is counted meanwhile', async () => {
    const tenant = await fullTenant(submit, 0, 90);
    const bad = () => submit(tenant, {}, '/v1/jobs', { analyzer: 'signal-anomaly', input: {} });
    const counter = app.get(QueueCounter, { strict: false });
    let accepted = 0;
    for (let round = 0; round < 3; round++) {
      await until(async () => {
        const counting = counter.recounted();
        const answers = await statusesOf([...Array.from({ length: 10 }, () => submit(tenant)), bad()]);
        accepted += answers[202] ?? 0;
        return counting;
      });
      expect(accepted).toBeLessThanOrEqual(90);
    }
    await until(async () => {
      const { 202: more = 0 } = await statusesOf([submit(tenant)]);
      accepted += more;
      return more === 0;
    });
    expect(accepted).toBe(90);
    expect(await rowsOf(tenant)).toMatchObject({ jobs: 90, queued: 90 });
  });

  it('takes jobs again once others have ended, or the limit was raised', async () => {
    const tenant = await fullTenant(submit, 2);
    expect((await submit(tenant)).status).toBe(429);
    for (const journal of await worker.claim(tenant, 2)) {
      worker.stage(journal, 'prepare');
      expect(await worker.end(journal)).toBe(true);
    }
    await until(async () => (await submit(tenant)).status === 202);
    const full = await fullTenant(submit, 2);
    await query('update maru.tenants set max_queued_jobs = 4 where id = $1', [full]);
    await until(async () => (await submit(full)).status === 202);
  });

  it('learns what another process took in, at its next count', async () => {
    const other = await jobsHttp();
    try {
      const tenant = await fullTenant(submitter(other.baseUrl), 5);
      await until(async () => (await submit(tenant)).status === 429);
    } finally {
      await other.app.close();
    }
  });
});

describe('all tenants together may have so many', () => {
  it('answers 503 above it', async () => {
    const [{ jobs }] = (await query<{ jobs: number }>('select count(*)::int as jobs from maru.job_queue')) as [
      { jobs: number },
    ];
    process.env['MAX_QUEUED_JOBS'] = String(jobs + 2);
    const { app, baseUrl } = await jobsHttp();
    delete process.env['MAX_QUEUED_JOBS'];
    const submit = submitter(baseUrl);
    try {
      const tenant = await fullTenant(submit, 2, 1_000);
      const answer = await submit(tenant);
      const body = (await answer.json()) as Problem;
      expect([answer.status, body.type]).toEqual([503, `${REGISTRY}#temporary-reduced-capacity`]);
      expect(body).toMatchObject({ code: 'temporary-reduced-capacity', retryable: true });
      expect(body.detail).toMatch(/^The queues of this installation are full\. Nothing was stored/);
      expect(answer.headers.get('retry-after')).toBe(String(body.retryAfter));
      const worker = await HandWorker.start(app);
      for (const journal of await worker.claim(tenant, 1)) await worker.end(journal);
      await until(async () => (await submit(tenant)).status === 202);
      expect((await submit(tenant)).status).toBe(503);
    } finally {
      await app.close();
    }
  });
});
