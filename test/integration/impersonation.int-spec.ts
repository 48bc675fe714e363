import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principals } from '../../src/auth/principals.js';
import { publicId } from '../../src/common/ids.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { adminQuery } from '../support/admin-query.js';
import { authApp, newOperator, setTenantStatus, signIn } from '../support/auth-app.js';
import { callAs, newPerson, newTenant } from '../support/tenant-people.js';

interface Started {
  readonly id: string;
  readonly accessToken: string;
}

let app: NestFastifyApplication;
let operator: { id: string; token: string };
beforeAll(async () => {
  app = await authApp();
  const { id, email } = await newOperator(app);
  operator = { id, token: (await signIn(app, { email })).accessToken };
});
afterAll(() => app.close());

const start = (tenantId: string, extra: object = {}, token = operator.token) =>
  callAs<Started>(app, token, 'POST', '/v1/admin/impersonations', {
    tenantId: publicId('tenant', tenantId),
    reason: 'Ticket 4711',
    ...extra,
  });
const forget = () => app.get(Principals, { strict: false }).forget(); // what 5 s would do

describe('an operator who looks at a tenant', () => {
  it('reads as a viewer, in that tenant alone, and is named in its audit log', async () => {
    const tenantId = await newTenant(app);
    const started = await start(tenantId);
    expect(started).toMatchObject({
      status: 201,
      body: { object: 'impersonation', tokenType: 'Bearer', expiresIn: 900 },
    });
    const { accessToken } = started.body;
    expect((await callAs(app, accessToken, 'GET', '/v1/probe')).body).toEqual({ tenantId });
    expect((await callAs(app, accessToken, 'GET', '/v1/me')).body).toMatchObject({
      id: publicId('operator', operator.id),
      object: 'operator',
      role: 'viewer',
      tenant: { id: publicId('tenant', tenantId) },
    });
    expect((await callAs(app, accessToken, 'GET', '/v1/members')).status).toBe(403);
    expect((await callAs(app, accessToken, 'GET', '/v1/admin/operators')).status).toBe(403);
    const events = await app.get(TenantDb, { strict: false }).one(tenantId, {
      text: `select action, actor_type, actor_id, reason from maru.audit_events where action <> 'tenant.created'`,
    });
    expect(events).toEqual([
      {
        action: 'impersonation.started',
        actor_type: 'operator',
        actor_id: publicId('operator', operator.id),
        reason: 'Ticket 4711',
      },
    ]);
  });

  it('changes nothing, not even on routes that are open to everybody', async () => {
    const { accessToken } = (await start(await newTenant(app))).body;
    for (const [method, url, payload] of [
      ['POST', '/v1/probe', undefined],
      ['PATCH', '/v1/me', { name: 'X' }],
      ['POST', '/v1/auth/logout', undefined],
      ['DELETE', '/v1/me/sessions', undefined],
      ['POST', '/v1/me/second-factor', { currentPassword: 'x' }],
      ['POST', '/v1/api-keys', { name: 'x', scopes: ['jobs:read'] }],
      ['POST', '/v1/admin/impersonations', { tenantId: 'ten_x', reason: 'x' }],
    ] as const) {
      expect(await callAs(app, accessToken, method, url, payload)).toMatchObject({
        status: 403,
        body: { code: 'insufficient-scope' },
      });
    }
    expect((await callAs(app, accessToken, 'GET', '/v1/me/sessions')).status).toBe(403);
    expect((await callAs(app, accessToken, 'GET', '/v1/probe')).status).toBe(200);
  });

  it('stops with the end, the time, the operator or the tenant', async () => {
    const tenantId = await newTenant(app);
    const probe = async (token: string) => (await callAs(app, token, 'GET', '/v1/probe')).status;
    const ended = (await start(tenantId)).body;
    const other = (await signIn(app, await newOperator(app))).accessToken;
    const end = (token: string) => callAs(app, token, 'DELETE', `/v1/admin/impersonations/${ended.id}`);
    expect((await end(other)).status).toBe(404);
    expect(await probe(ended.accessToken)).toBe(200);
    expect((await end(operator.token)).status).toBe(204);
    expect(await probe(ended.accessToken)).toBe(401);
    expect((await end(operator.token)).status).toBe(404);

    const late = (await start(tenantId)).body;
    await adminQuery(
      process.env.DATABASE_URL!,
      `update maru.impersonations set expires_at = now() where ended_at is null`,
    );
    expect(await probe(late.accessToken)).toBe(401);

    const live = (await start(tenantId)).body;
    await setTenantStatus(app, tenantId, 'suspended');
    expect(await probe(live.accessToken)).toBe(403);
    await setTenantStatus(app, tenantId, 'active');
    forget();
    expect(await probe(live.accessToken)).toBe(200);
    const gone = await newOperator(app);
    const theirs = (await start(tenantId, {}, (await signIn(app, gone)).accessToken)).body;
    expect(await probe(theirs.accessToken)).toBe(200);
    await callAs(app, operator.token, 'PATCH', `/v1/admin/operators/${publicId('operator', gone.id)}`, {
      status: 'disabled',
    });
    expect(await probe(theirs.accessToken)).toBe(401);
    expect(await probe(live.accessToken)).toBe(200);
  });

  it('needs a tenant, a reason, an hour at most, and to be an operator', async () => {
    const tenantId = await newTenant(app);
    const missing = await callAs(app, operator.token, 'POST', '/v1/admin/impersonations', {
      tenantId: 'ten_01m8323e5rfaqba79afy7192zq',
      reason: 'x',
    });
    expect(missing.status).toBe(404);
    for (const [extra, pointer] of [
      [{ reason: ' ' }, '/reason'],
      [{ reason: 'x'.repeat(501) }, '/reason'],
      [{ expiresInMinutes: 61 }, '/expiresInMinutes'],
      [{ expiresInMinutes: 0 }, '/expiresInMinutes'],
      [{ tenantId: 'hanbit' }, '/tenantId'],
    ] as const) {
      expect(await start(tenantId, extra)).toMatchObject({ status: 422, body: { errors: [{ pointer }] } });
    }
    const owner = await newPerson(app, tenantId, 'owner');
    expect((await start(tenantId, {}, owner.token)).status).toBe(403);
    expect((await start(tenantId, {}, 'x')).status).toBe(401);
  });
});
