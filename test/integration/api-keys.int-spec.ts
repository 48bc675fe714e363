import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principals } from '../../src/auth/principals.js';
import { GRANTABLE_TO_KEYS } from '../../src/auth/scopes.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp } from '../support/auth-app.js';
import { auditedActions, callAs, newPerson, newTenant, type Person } from '../support/tenant-people.js';

interface KeyBody {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly expiresAt: string | null;
  readonly prefix: string;
}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const sql = <R extends object>(tenantId: string, text: string) =>
  app.get(TenantDb, { strict: false }).one<R>(tenantId, { text });
const create = (by: Person, body: object = {}) =>
  by.call<KeyBody>('POST', '/v1/api-keys', { name: 'Line 3', scopes: ['jobs:read'], ...body });
const opens = async (key: string) => (await callAs(app, key, 'GET', '/v1/probe')).status;

describe('API keys', () => {
  it('are shown once, and listed without the key', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const made = await create(owner, { allowedCidrs: ['127.0.0.0/8', '2001:db8::/32'] });
    expect(made).toMatchObject({
      status: 201,
      headers: { location: `/v1/api-keys/${made.body.id}` },
      body: {
        object: 'api_key',
        status: 'active',
        createdBy: owner.id,
        expiresAt: null,
        lastUsedAt: null,
        replacedBy: null,
      },
    });
    expect(made.body.key.startsWith(made.body.prefix)).toBe(true);
    expect(made.body.key).toMatch(/^maru_live_/);
    expect(await opens(made.body.key)).toBe(200);
    const list = await owner.call<{ data: KeyBody[] }>('GET', '/v1/api-keys');
    expect(list.body.data).toHaveLength(1);
    expect(list.body.data[0]).toEqual({ ...made.body, key: undefined, lastUsedAt: expect.any(String) });
    expect(JSON.stringify(list.body)).not.toContain(made.body.key.slice(20));
    expect(await auditedActions(app, owner.tenantId)).toEqual(['api_key.created']);
    const audited = await sql<{ text: string }>(owner.tenantId, 'select e::text as text from maru.audit_events e');
    expect(audited[0]!.text).not.toContain(made.body.key.slice(20));
  });

  it('are paged, newest first', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const ids = [];
    for (let i = 0; i < 5; i++) ids.unshift((await create(owner)).body.id);
    const seen: string[] = [];
    for (let url: string | null = '/v1/api-keys?limit=2'; url !== null;) {
      const page: { body: { data: KeyBody[]; nextPageToken: string | null } } = await owner.call('GET', url);
      seen.push(...page.body.data.map((key) => key.id));
      url = page.body.nextPageToken && `/v1/api-keys?limit=2&pageToken=${page.body.nextPageToken}`;
    }
    expect(seen).toEqual(ids);
  });

  it('hold no more than whoever makes them', async () => {
    const tenantId = await newTenant(app);
    const [owner, developer] = [await newPerson(app, tenantId, 'owner'), await newPerson(app, tenantId, 'developer')];
    for (const role of ['analyst', 'viewer'] as const) {
      expect((await create(await newPerson(app, tenantId, role))).status).toBe(403);
    }
    expect((await create(owner, { scopes: [...GRANTABLE_TO_KEYS] })).status).toBe(201);
    for (const scope of ['keys:manage', 'members:manage', 'tenant:manage', 'branding:write', 'platform:read', 'x']) {
      expect(await create(owner, { scopes: [scope] })).toMatchObject({
        status: 422,
        body: { errors: [{ pointer: '/scopes' }] },
      });
    }
    expect(await create(developer, { scopes: ['audit:read'] })).toMatchObject({
      status: 403,
      body: { code: 'insufficient-scope' },
    });
    const strong = (await create(owner, { scopes: ['audit:read'] })).body;
    expect((await developer.call('POST', `/v1/api-keys/${strong.id}/rotate`, {})).status).toBe(403);
    expect((await developer.call('DELETE', `/v1/api-keys/${strong.id}`)).status).toBe(204); // taking away is safe
  });

  it.each([
    [{ name: ' ' }, '/name'],
    [{ scopes: [] }, '/scopes'],
    [{ expiresAt: '2020-01-01T00:00:00Z' }, '/expiresAt'],
    [{ expiresAt: 'soon' }, '/expiresAt'],
    [{ expiresAt: null }, '/expiresAt'],
    [{ allowedCidrs: ['10.0.0.0'] }, '/allowedCidrs/0'],
    [{ allowedCidrs: ['10.0.0.0/33'] }, '/allowedCidrs/0'],
    [{ allowedCidrs: ['::1/128', 'x/1'] }, '/allowedCidrs/1'],
    [{ mode: 'prod' }, '/mode'],
    [{ hash: 'x' }, '/hash'],
  ])('are refused with %j', async (body, pointer) => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    expect(await create(owner, body)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
  });

  it('are rotated with an overlap: the old one and the new one work, then the new one alone', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const lifeMs = 30 * 86_400_000;
    const expiresAt = new Date(Date.now() + lifeMs).toISOString();
    const old = (await create(owner, { expiresAt, mode: 'test', scopes: ['jobs:read', 'files:read'] })).body;
    const url = `/v1/api-keys/${old.id}/rotate`;
    const fresh = await owner.call<KeyBody>('POST', url, { overlapMs: 60_000 });
    expect(fresh).toMatchObject({
      status: 201,
      body: { name: 'Line 3', scopes: ['jobs:read', 'files:read'], status: 'active' },
    });
    expect(fresh.body.key).toMatch(/^maru_test_/);
    expect(Math.abs(Date.parse(fresh.body.expiresAt!) - Date.now() - lifeMs)).toBeLessThan(60_000);
    expect([await opens(old.key), await opens(fresh.body.key)]).toEqual([200, 200]);
    const list = await owner.call<{ data: KeyBody[] }>('GET', '/v1/api-keys');
    expect(list.body.data).toMatchObject([
      { id: fresh.body.id },
      { id: old.id, status: 'replaced', replacedBy: fresh.body.id },
    ]);
    expect(await owner.call('POST', url, {})).toMatchObject({ status: 409, body: { currentStatus: 'replaced' } });

    await sql(owner.tenantId, `update maru.api_keys set expires_at = now() where replaced_by is not null`);
    app.get(Principals, { strict: false }).forget(); // what 5 s would do
    expect([await opens(old.key), await opens(fresh.body.key)]).toEqual([401, 200]);
    const last = await owner.call<KeyBody>('POST', `/v1/api-keys/${fresh.body.id}/rotate`, { overlapMs: 0 });
    expect([await opens(fresh.body.key), await opens(last.body.key)]).toEqual([401, 200]);
    const actions = await auditedActions(app, owner.tenantId);
    expect(actions).toEqual([
      'api_key.created',
      'api_key.created',
      'api_key.rotated',
      'api_key.created',
      'api_key.rotated',
    ]);
  });

  it('are rotated once, however many ask at the same time', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const old = (await create(owner)).body;
    const rotate = () => owner.call('POST', `/v1/api-keys/${old.id}/rotate`, {});
    const answers = await Promise.all(Array.from({ length: 20 }, rotate));
    expect(answers.filter((a) => a.status === 201)).toHaveLength(1);
    expect(answers.filter((a) => a.status === 409)).toHaveLength(19);
  });

  it('are gone after they were revoked, and never another tenant’s business', async () => {
    const [owner, stranger] = [
      await newPerson(app, await newTenant(app), 'owner'),
      await newPerson(app, await newTenant(app), 'owner'),
    ];
    const { id, key } = (await create(owner)).body;
    expect((await stranger.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(404);
    expect((await stranger.call('POST', `/v1/api-keys/${id}/rotate`, {})).status).toBe(404);
    expect(await opens(key)).toBe(200);
    expect((await owner.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    expect(await opens(key)).toBe(401);
    expect((await owner.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(404);
    expect((await owner.call<{ data: [] }>('GET', '/v1/api-keys')).body.data).toEqual([]);
    expect((await callAs(app, key, 'GET', '/v1/api-keys')).status).toBe(401);
  });
});
