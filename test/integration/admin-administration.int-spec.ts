import fs from 'node:fs';
import path from 'node:path';
import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AdminModule } from '../../src/admin/admin.module.js';
import { TenantRemoval } from '../../src/admin/removal/tenant-removal.js';
import { TenantRemovalModule } from '../../src/admin/removal/tenant-removal.module.js';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { CredentialsModule } from '../../src/auth/credentials.module.js';
import { Members } from '../../src/auth/members.service.js';
import { newUuid, publicId, uuidOf } from '../../src/common/ids.js';
import { FilesModule } from '../../src/files/files.module.js';
import { FilesService } from '../../src/files/files.service.js';
import { endedJob } from '../support/ended-jobs.js';
import { httpApp } from '../support/http-app.js';
import { query } from '../support/job-fixtures.js';
import { memberOf, OPERATOR, SignedIn } from '../support/signed-in.js';

@Module({ providers: [{ provide: APP_GUARD, useClass: SignedIn }] })
class SignedInModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await httpApp(AdminModule, CredentialsModule, FilesModule, TenantRemovalModule, SignedInModule);
});
afterAll(() => app.close());
beforeEach(() => (SignedIn.as = OPERATOR));

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
const call = (method: Method, url: string, payload?: object, headers: Record<string, string> = {}) =>
  app.inject({ method, url, payload, headers });
let made = 0;
/** A tenant's address and uuid. */
async function newTenant(): Promise<{ at: string; id: string }> {
  const { id } = (
    await call('POST', '/v1/admin/tenants', { slug: `t${++made}-${newUuid().slice(-6)}`, name: 'Tenant' })
  ).json();
  return { at: `/v1/admin/tenants/${id}`, id: uuidOf('tenant', id as string)! };
}
const actionsOf = async (id: string) =>
  (await query<{ action: string }>('select action from maru.audit_events where tenant_id = $1 order by id', [id])).map(
    (row) => row.action,
  );

describe('PATCH /v1/admin/tenants/{id}', () => {
  it('changes what is given and traces what changed', async () => {
    const { at, id } = await newTenant();
    const change = {
      name: 'New',
      weight: 7,
      plan: 'business',
      retentionDays: 90,
      maxQueuedJobs: 5,
      locales: { enabled: ['en'], default: 'en' },
    };
    const changed = await call('PATCH', at, change);
    expect([changed.statusCode, changed.json()]).toEqual([200, expect.objectContaining(change)]);
    expect((await call('GET', at)).json()).toEqual(changed.json());
    await call('PATCH', at, { weight: 7 });
    const events = await query<{ before: object; after: object }>(
      `select before, after from maru.audit_events where tenant_id = $1 and action = 'tenant.changed'`,
      [id],
    );
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ before: { name: 'Tenant', weight: 1, plan: 'standard' }, after: change });
    const quotas = (await call('GET', `${at}/quotas`)).json().data as { name: string; limit: number; source: string }[];
    expect(quotas.find((quota) => quota.name === 'submit')).toMatchObject({ limit: 6_000, source: 'plan' });
    expect(quotas.find((quota) => quota.name === 'queued')).toMatchObject({ limit: 5, source: 'plan' });
  });

  it('takes If-Match: of two who read the same, one wins', async () => {
    const { at } = await newTenant();
    const tag = String((await call('GET', at)).headers.etag);
    expect(tag).toMatch(/^"[0-9a-f]{32}"$/);
    const answers = await Promise.all([2, 3].map((weight) => call('PATCH', at, { weight }, { 'if-match': tag })));
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 412]);
    const refused = answers.find((answer) => answer.statusCode === 412)!;
    expect(refused.json().code).toBe('precondition-failed');
    const winner = answers.find((answer) => answer.statusCode === 200)!;
    expect((await call('PATCH', at, { weight: 4 }, { 'if-match': `"x", ${winner.headers.etag}` })).statusCode).toBe(
      200,
    );
    expect((await call('PATCH', at, { weight: 5 }, { 'if-match': '*' })).statusCode).toBe(200);
  });

  it.each([
    [{ weight: 0 }],
    [{ name: '' }],
    [{ plan: 'nothing' }],
    [{ status: 'suspended' }],
    [{ slug: 'other' }],
    [{ locales: { enabled: [], default: 'ko' } }],
    [{ retentionDays: 1.5 }],
  ])('refuses %j', async (body) => {
    const { at, id } = await newTenant();
    expect((await call('PATCH', at, body)).statusCode).toBe(422);
    expect(await actionsOf(id)).toEqual(['tenant.created']);
  });
});

describe('quotas and analyzers', () => {
  it('PUT quotas replaces all exceptions', async () => {
    const { at, id } = await newTenant();
    const quotas = [
      { name: 'daily', limit: 5, reason: 'trial', expiresAt: '2099-01-01T00:00:00.000Z' },
      { name: 'stored', limit: 0, reason: 'none' },
    ];
    const set = await call('PUT', `${at}/quotas`, { quotas });
    expect([
      set.statusCode,
      (set.json().data as { name: string }[]).filter((q) => ['daily', 'stored'].includes(q.name)),
    ]).toEqual([
      200,
      [
        expect.objectContaining({
          limit: 5,
          source: 'override',
          reason: 'trial',
          expiresAt: '2099-01-01T00:00:00.000Z',
        }),
        expect.objectContaining({ limit: 0, reason: 'none', expiresAt: null }),
      ],
    ]);
    await call('PUT', `${at}/quotas`, { quotas: [] });
    expect(await query('select 1 from maru.tenant_quotas where tenant_id = $1', [id])).toEqual([]);
    expect(await actionsOf(id)).toEqual(['tenant.created', 'tenant.quotas_changed', 'tenant.quotas_changed']);
    for (const bad of [
      { quotas: [{ name: 'x', limit: 1, reason: 'x' }] },
      { quotas: [quotas[0], quotas[0]] },
      { quotas: [{ ...quotas[0], limit: -1 }] },
      { quotas: [{ name: 'gpu', limit: 1 }] },
    ]) {
      expect((await call('PUT', `${at}/quotas`, bad)).statusCode).toBe(422);
    }
  });

  it('PUT analyzers grants exactly those', async () => {
    const { at, id } = await newTenant();
    expect((await call('PUT', `${at}/analyzers`, { analyzers: ['digit-reader', 'signal-anomaly'] })).statusCode).toBe(
      204,
    );
    expect(
      (await call('PUT', `${at}/analyzers`, { analyzers: ['signal-anomaly', 'surface-inspection'] })).statusCode,
    ).toBe(204);
    const rows = await query<{ slug: string }>(
      'select slug from maru.analyzers where tenant_id = $1 and enabled order by slug',
      [id],
    );
    expect(rows.map((row) => row.slug)).toEqual(['signal-anomaly', 'surface-inspection']);
    const unknown = await call('PUT', `${at}/analyzers`, { analyzers: ['digit-reader', 'mind-reader'] });
    expect([unknown.statusCode, unknown.json().errors[0].pointer]).toEqual([422, '/analyzers/1']);
    expect(await actionsOf(id)).toEqual(['tenant.created', 'tenant.analyzers_changed', 'tenant.analyzers_changed']);
  });

  it('PUT analyzers leaves what the tenant’s own models make', async () => {
    const { at, id } = await newTenant();
    await query('insert into maru.analyzers (tenant_id, id, slug) values ($1, $2, $3)', [id, newUuid(), 'own-model']);
    for (const analyzers of [['digit-reader'], []]) {
      expect((await call('PUT', `${at}/analyzers`, { analyzers })).statusCode).toBe(204);
      const rows = await query<{ slug: string }>(
        'select slug from maru.analyzers where tenant_id = $1 and enabled order by slug',
        [id],
      );
      expect(rows.map((row) => row.slug)).toEqual([...analyzers, 'own-model']);
    }
    const traces = await query<{ before: object; after: object }>(
      `select before, after from maru.audit_events where tenant_id = $1 and action = 'tenant.analyzers_changed' order by id`,
      [id],
    );
    expect(traces).toEqual([
      { before: { analyzers: [] }, after: { analyzers: ['digit-reader'] } },
      { before: { analyzers: ['digit-reader'] }, after: { analyzers: [] } },
    ]);
  });

  it('an unknown tenant is not found anywhere', async () => {
    const at = `/v1/admin/tenants/${publicId('tenant', newUuid())}`;
    const tries: [Method, string, object?][] = [
      ['PATCH', at, { weight: 2 }],
      ['DELETE', at, { reason: 'x' }],
      ['GET', `${at}/quotas`],
      ['PUT', `${at}/quotas`, { quotas: [] }],
      ['PUT', `${at}/analyzers`, { analyzers: [] }],
      ['GET', `${at}/export`],
    ];
    for (const [method, url, body] of tries)
      expect([method, url, (await call(method, url, body)).statusCode]).toEqual([method, url, 404]);
  });
});

describe('POST /v1/admin/tenants', () => {
  it('makes a tenant that can work at once, after the example of another', async () => {
    const model = await richTenant();
    await call('PATCH', model.at, { locales: { enabled: ['en'], default: 'en' } });
    const body = {
      slug: `launch-${newUuid().slice(-6)}`,
      name: 'Launch',
      analyzers: ['digit-reader'],
      apiKeyName: 'production',
      smokeJob: true,
    };
    const answer = await call('POST', `/v1/admin/tenants?from=${publicId('tenant', model.id)}`, body);
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      expect.objectContaining({
        plan: 'starter',
        locales: { enabled: ['en'], default: 'en' },
        apiKey: expect.stringMatching(/^maru_live_/),
        smokeJobId: expect.stringMatching(/^job_/),
      }),
    ]);
    const { id, apiKey } = answer.json();
    expect((await app.get(ApiKeys, { strict: false }).verify(apiKey, '127.0.0.1'))?.tenantId).toBe(
      uuidOf('tenant', id),
    );
    const job = uuidOf('job', answer.json().smokeJobId as string);
    const jobs = await query('select test, analyzer_slug as slug from maru.jobs where id = $1 and tenant_id = $2', [
      job,
      uuidOf('tenant', id),
    ]);
    expect(jobs).toEqual([{ test: true, slug: 'digit-reader' }]);
    const onboarding = (await call('GET', `/v1/admin/tenants/${id}/onboarding`)).json();
    expect(onboarding).toEqual({
      object: 'onboarding',
      complete: false,
      steps: [
        { name: 'owner', done: false },
        { name: 'apiKey', done: true },
        { name: 'analyzers', done: true },
        { name: 'branding', done: true },
        { name: 'firstJob', done: false },
      ],
    });
    expect((await call('GET', `${model.at}/onboarding`)).json().complete).toBe(true);
  });

  it.each([
    [{ plan: 'nothing' }, ''],
    [{ analyzers: ['mind-reader'] }, ''],
    [{}, '?from=ten_x'],
  ])('makes nothing when a part is wrong: %j %s', async (part, query) => {
    const slug = `bad-${newUuid().slice(-6)}`;
    const answer = await call('POST', `/v1/admin/tenants${query}`, { slug, name: 'Bad', ...part });
    expect(answer.statusCode).toBe(422);
    expect((await call('POST', '/v1/admin/tenants', { slug, name: 'Good' })).statusCode).toBe(201);
  });
});

/** A tenant with something in every corner. */
async function richTenant(): Promise<{ at: string; id: string; file: string }> {
  const tenant = await newTenant();
  const { id, at } = tenant;
  await app.get(Members, { strict: false }).create(id, {
    email: `a@${id.slice(-6)}.example`,
    name: 'A',
    role: 'owner',
    password: 'correct horse battery staple',
  });
  await app.get(ApiKeys, { strict: false }).issue(id, { name: 'k', scopes: ['jobs:read'] });
  await call('PUT', `${at}/analyzers`, { analyzers: ['digit-reader'] });
  await call('PUT', `${at}/quotas`, { quotas: [{ name: 'daily', limit: 5, reason: 'trial' }] });
  await call('PATCH', at, { plan: 'starter' });
  await query(
    `insert into maru.tenant_brand_versions (tenant_id, version, status, doc, css_sha256, published_at) values ($1, 1, 'published', $3, $2, now())`,
    [
      id,
      '0'.repeat(64),
      JSON.stringify({ schema: 1, identity: { name: 'Tenant', shortName: 'T' }, theme: { primary: '#a50034' } }),
    ],
  );
  await query('update maru.tenants set active_brand_version = 1 where id = $1', [id]);
  await endedJob(id, { at: new Date() });
  const file = await app
    .get(FilesService, { strict: false })
    .save({ tenantId: id, principal: memberOf(id, 'owner') }, 'job_input', 'a.csv', Buffer.from('a'));
  return { ...tenant, file: path.join(process.env['DATA_DIR']!, 'files', id, file.id) };
}

describe('GET /v1/admin/tenants/{id}/export', () => {
  it('is one JSON of everything, without secrets, and leaves a trace', async () => {
    const { at, id } = await richTenant();
    const answer = await call('GET', `${at}/export`);
    expect(answer.json()).toMatchObject({
      object: 'tenant_export',
      tenant: { id: publicId('tenant', id), name: 'Tenant' },
      members: [{ role: 'owner', memberId: expect.stringMatching(/^mem_/) }],
      apiKeys: [{ name: 'k', apiKeyId: expect.stringMatching(/^key_/) }],
      analyzers: [{ slug: 'digit-reader', enabled: true }],
      quotas: [{ name: 'daily' }],
      files: { count: 1, bytes: 1 },
      jobs: { ended: 1 },
      usage: { units: 1 },
    });
    expect(answer.body).not.toMatch(/argon2|password|"hash"|lookup/);
    expect((await actionsOf(id)).at(-1)).toBe('tenant.exported');
  });
});

describe('DELETE /v1/admin/tenants/{id}', () => {
  const remove = () => app.get(TenantRemoval, { strict: false }).run();

  it('suspends at once, and can be taken back in its grace', async () => {
    const { at, id } = await newTenant();
    const deleted = await call('DELETE', at, { reason: 'contract ended' });
    expect(deleted.json()).toMatchObject({ status: 'suspended', suspendedReason: 'contract ended' });
    const days = (Date.parse(deleted.json().deleteAfter) - Date.now()) / 86_400_000;
    expect([days > 29.9, days < 30.1]).toEqual([true, true]);
    await remove();
    expect((await call('POST', `${at}/resume`)).json()).toMatchObject({ status: 'active', deleteAfter: null });
    expect(await actionsOf(id)).toEqual(['tenant.created', 'tenant.deleted', 'tenant.resumed']);
    expect((await call('DELETE', at, {})).statusCode).toBe(422);
  });

  it('removes every row and file of it, of no other, and keeps audit and ledger', async () => {
    const [gone, stays] = [await richTenant(), await richTenant()];
    await call('DELETE', gone.at, { reason: 'gdpr', graceDays: 0 });
    expect((await remove()).tenants).toBe(1);
    const tables = await query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relnamespace = 'maru'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
          and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id')`,
    );
    const left: string[] = [];
    for (const { name } of tables) {
      if ((await query(`select 1 from maru.${name} where tenant_id = $1 limit 1`, [gone.id])).length > 0)
        left.push(name);
    }
    expect(left.sort()).toEqual(['audit_events', 'audit_pending', 'tenant_plans', 'usage_ledger']);
    expect([fs.existsSync(gone.file), fs.existsSync(stays.file)]).toEqual([false, true]);
    expect((await call('GET', gone.at)).statusCode).toBe(404);
    expect((await call('GET', `${stays.at}/export`)).json()).toMatchObject({
      files: { count: 1 },
      jobs: { ended: 1 },
      members: [{}],
    });
    expect(await remove()).toEqual({ tenants: 0, rows: 0 });
  });
});
