import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import type { Problem } from '../support/admission.js';
import { SIGNAL } from '../support/admission.js';
import { type ApiTenant, apiTenant } from '../support/api-tenant.js';
import { type RunningApi, startApi } from '../support/app.js';
import { query } from '../support/job-fixtures.js';
import { until } from '../support/signals.js';

let api: RunningApi;
let tenant: ApiTenant;
beforeAll(async () => {
  api = await startApi();
  tenant = await apiTenant(api.app, 'signal-anomaly');
});
afterAll(() => api.stop());

const call = (path: string, key: string | null, init: RequestInit = {}) =>
  fetch(api.baseUrl + path, {
    ...init,
    headers: { ...init.headers, ...(key ? { authorization: `Bearer ${key}` } : {}) },
  });
const submit = (key: string) =>
  call('/v1/jobs', key, {
    method: 'POST',
    body: JSON.stringify(SIGNAL),
    headers: { 'content-type': 'application/json' },
  });
const limit = (id: string, name: string, quota: number) =>
  query(`insert into maru.tenant_quotas (tenant_id, name, quota, reason) values ($1, $2, $3, 'test')`, [
    id,
    name,
    quota,
  ]);

async function refusalOf(answer: Response): Promise<string[]> {
  const body = (await answer.json()) as Problem & { 'violated-policies': string[] };
  expect([answer.status, body.code, body.type]).toEqual([
    429,
    'quota-exceeded',
    'https://iana.org/assignments/http-problem-types#quota-exceeded',
  ]);
  const [violated] = body['violated-policies'];
  const reset = new RegExp(`"${violated}";r=0;t=(\\d+)`).exec(answer.headers.get('ratelimit') ?? '')?.[1] ?? 1;
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(Number(reset));
  return body['violated-policies'];
}

describe('every answer says how the client stands', () => {
  it.each([
    ['/v1/me', 'key', /^"key";q=600000;w=60, "requests";q=600000;w=60$/],
    ['/v1/jobs/job_x', 'key', /^"key";/],
    ['/v1/nowhere', null, /^"public";q=\d+;w=60$/],
    ['/v1/nowhere', 'key', /^"public";/],
    ['/v1/jobs', null, /^"public";/],
    ['/v1/jobs', 'bad', /^"public";/],
    ['/v1/branding', null, /^"public";/],
    ['/', null, /^"public";/],
    ['/openapi.json', null, /^"public";/],
    ['/docs', null, /^"public";/],
    ['/problems/not-found', null, /^"public";/],
    ['/.well-known/jwks.json', null, /^"public";/],
    ['/%zz', null, /^"public";/],
    ['/health/live', null, /^"probe";/],
    ['/health/ready', null, /^"probe";/],
    ['/metrics', null, /^"probe";/],
  ])('%s with %s', async (path, credential, expected) => {
    const key = credential === 'key' ? tenant.apiKey : credential;
    const answer = await call(path, key);
    await answer.arrayBuffer();
    expect(answer.headers.get('ratelimit-policy')).toMatch(expected);
    if (path !== '/%zz') expect(answer.headers.get('ratelimit')).toMatch(/^"[a-z]+";r=\d+;t=\d+/);
  });

  it('a submit has its own policy, and a stream has the headers too', async () => {
    const answer = await submit(tenant.apiKey);
    expect(answer.status).toBe(202);
    expect(answer.headers.get('ratelimit-policy')).toMatch(/^"submit";q=600000;w=60, "key";.*"requests";/);
    const { id } = (await answer.json()) as { id: string };
    const stream = await call(`/v1/jobs/${id}/stream`, tenant.apiKey);
    expect([stream.status, stream.headers.get('ratelimit-policy')]).toEqual([200, expect.stringMatching(/^"key";/)]);
    await stream.body?.cancel();
  });
});

describe('a limit that is used up', () => {
  it('refuses requests of the tenant, and of no other', async () => {
    const poor = await apiTenant(api.app);
    await limit(poor.id, 'requests', 3);
    for (let i = 0; i < 3; i++) expect((await call('/v1/me', poor.apiKey)).status).toBe(200);
    expect(await refusalOf(await call('/v1/me', poor.apiKey))).toEqual(['requests']);
    expect((await call('/v1/me', tenant.apiKey)).status).toBe(200);
  });

  it('of a key refuses that key', async () => {
    const poor = await apiTenant(api.app);
    await limit(poor.id, 'key', 2);
    for (let i = 0; i < 2; i++) expect((await call('/v1/me', poor.apiKey)).status).toBe(200);
    expect(await refusalOf(await call('/v1/me', poor.apiKey))).toEqual(['key']);
  });

  it('of submits refuses submits; reading goes on', async () => {
    const poor = await apiTenant(api.app, 'signal-anomaly');
    await limit(poor.id, 'submit', 1);
    expect((await submit(poor.apiKey)).status).toBe(202);
    const refused = await submit(poor.apiKey);
    expect(refused.headers.get('ratelimit')).toMatch(/^"submit";r=0;t=\d+, "key";/);
    expect(await refusalOf(refused)).toEqual(['submit']);
    expect((await call('/v1/jobs', poor.apiKey)).status).toBe(200);
  });

  it('of jobs a day counts jobs, not refused or repeated requests', async () => {
    const poor = await apiTenant(api.app, 'signal-anomaly');
    await limit(poor.id, 'daily', 2);
    const bad = {
      method: 'POST',
      body: '{"analyzer":"nothing","input":{}}',
      headers: { 'content-type': 'application/json' },
    };
    for (let i = 0; i < 4; i++) expect((await call('/v1/jobs', poor.apiKey, bad)).status).toBe(422);
    const once = { ...bad, body: JSON.stringify(SIGNAL), headers: { ...bad.headers, 'idempotency-key': newUuid() } };
    for (let i = 0; i < 3; i++) expect((await call('/v1/jobs', poor.apiKey, once)).status).toBe(202);
    expect((await submit(poor.apiKey)).status).toBe(202);
    expect(await refusalOf(await submit(poor.apiKey))).toEqual(['daily']);
  });

  it('of stored bytes refuses a file, keeps nothing of it, and opens again when files go', async () => {
    const poor = await apiTenant(api.app);
    await limit(poor.id, 'stored', 1_000);
    const upload = (bytes: number) => {
      const body = new FormData();
      body.append('file', new Blob([Buffer.alloc(bytes, 'a')]), 'a.csv');
      return call('/v1/files', poor.apiKey, { method: 'POST', body });
    };
    const answers = await Promise.all(Array.from({ length: 8 }, () => upload(300)));
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(3);
    const refused = answers.find((answer) => answer.status === 429)!;
    expect(await refusalOf(refused)).toEqual(['stored']);
    const stored = `select taken::int as taken from maru.quota_windows where tenant_id = $1 and name = 'stored'`;
    expect(await query(stored, [poor.id])).toEqual([{ taken: 900 }]);
    expect(await query('select count(*)::int as n from maru.files where tenant_id = $1', [poor.id])).toEqual([
      { n: 3 },
    ]);
    await query(
      `update maru.files set status = 'expired' where tenant_id = $1 and id = (select id from maru.files where tenant_id = $1 limit 1)`,
      [poor.id],
    );
    expect((await upload(400)).status).toBe(201);
    await query(`delete from maru.files where tenant_id = $1`, [poor.id]);
    expect(await query(stored, [poor.id])).toEqual([{ taken: 0 }]);
  });

  it('of jobs in flight can be raised by an exception that ends', async () => {
    const poor = await apiTenant(api.app, 'signal-anomaly');
    await limit(poor.id, 'queued', 1);
    expect((await submit(poor.apiKey)).status).toBe(202);
    expect(await refusalOf(await submit(poor.apiKey))).toEqual(['queued']);
    await query('update maru.tenant_quotas set expires_at = now() where tenant_id = $1', [poor.id]);
    await until(async () => (await submit(poor.apiKey)).status === 202);
  });
});
