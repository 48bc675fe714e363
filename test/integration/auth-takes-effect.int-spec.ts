import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/audit/audit-trail.js';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { ClientCredentials } from '../../src/auth/oauth/client-credentials.js';
import { Sessions } from '../../src/auth/sessions.service.js';
import { publicId } from '../../src/common/ids.js';
import { PlatformTenants } from '../../src/tenants/platform-tenants.js';
import { authApp } from '../support/auth-app.js';
import { callAs, newPerson, newTenant } from '../support/tenant-people.js';

/** The promise is 5 s; a second more for this machine. */
const WITHIN_MS = 6_000;

/** What is changed in one process takes effect in another one, which nobody tells. */
let here: NestFastifyApplication;
let there: NestFastifyApplication;
beforeAll(async () => {
  [here, there] = [await authApp(), await authApp()];
});
afterAll(() => Promise.all([here.close(), there.close()]));

/** Every kind of credential of one tenant, each as a call to the other process that resolves with its status. */
async function credentialsOf(tenantId: string) {
  const owner = await newPerson(here, tenantId, 'owner');
  const member = await newPerson(here, tenantId, 'viewer');
  const issued = await here.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'k', scopes: ['jobs:read'] });
  const keyId = publicId('apiKey', issued.id);
  const request = { clientId: keyId, clientSecret: issued.key, scopes: null };
  const { access_token } = await here.get(ClientCredentials, { strict: false }).exchange(request, '127.0.0.1');
  const subject = {
    kind: 'member',
    id: member.memberId,
    tenantId,
    role: 'viewer',
    ver: 1,
    isActive: true,
    isTenantSuspended: false,
  } as const;
  const cookie = (await here.get(Sessions, { strict: false }).open('cookie', subject)).token;
  const refreshable = (await here.get(Sessions, { strict: false }).open('refresh', subject)).token;
  const bearer = (token: string) => async () => (await callAs(there, token, 'GET', '/v1/probe')).status;
  const byCookie = async () => {
    const headers = { host: '127.0.0.1:3000', cookie: `maru_session=${cookie}` };
    return (await there.inject({ url: '/v1/probe', headers })).statusCode;
  };
  const calls = {
    jwt: bearer(member.token),
    cookie: byCookie,
    apiKey: bearer(issued.key),
    machine: bearer(access_token),
  };
  return { owner, member, keyId, refreshable, calls };
}

const all = async (calls: Record<string, () => Promise<number>>) =>
  Object.fromEntries(
    await Promise.all(Object.entries(calls).map(async ([name, call]) => [name, await call()] as const)),
  );
const becomes = (calls: Record<string, () => Promise<number>>, wanted: Record<string, number>) =>
  expect.poll(() => all(calls), { timeout: WITHIN_MS, interval: 100 }).toEqual(wanted);

describe('within five seconds, in every process and for every credential', () => {
  it('a tenant is suspended and resumed', async () => {
    const tenantId = await newTenant(here);
    const { calls, refreshable } = await credentialsOf(tenantId);
    await becomes(calls, { jwt: 200, cookie: 200, apiKey: 200, machine: 200 });
    await here.get(PlatformTenants, { strict: false }).suspend(tenantId, 'unpaid', SYSTEM_ACTOR);
    const refresh = () => callAs(there, null, 'POST', '/v1/auth/refresh', { refreshToken: refreshable });
    expect((await refresh()).status).toBe(403); // at once: it looks
    await becomes(calls, { jwt: 403, cookie: 403, apiKey: 403, machine: 403 });
    await here.get(PlatformTenants, { strict: false }).resume(tenantId, SYSTEM_ACTOR);
    await becomes(calls, { jwt: 200, cookie: 200, apiKey: 200, machine: 200 });
    expect((await refresh()).status).toBe(200);
  });

  it('a member gets another role, and a key is revoked', async () => {
    const { owner, member, keyId, calls } = await credentialsOf(await newTenant(here));
    await becomes(calls, { jwt: 200, cookie: 200, apiKey: 200, machine: 200 });
    expect((await owner.call('PATCH', `/v1/members/${member.id}`, { role: 'analyst' })).status).toBe(200);
    expect((await owner.call('DELETE', `/v1/api-keys/${keyId}`)).status).toBe(204);
    await becomes(calls, { jwt: 401, cookie: 200, apiKey: 401, machine: 401 }); // the cookie goes on with the new role
  });

  it('a member is disabled', async () => {
    const { owner, member, refreshable, calls } = await credentialsOf(await newTenant(here));
    await becomes(calls, { jwt: 200, cookie: 200, apiKey: 200, machine: 200 });
    expect((await owner.call('PATCH', `/v1/members/${member.id}`, { status: 'disabled' })).status).toBe(200);
    const refresh = await callAs(there, null, 'POST', '/v1/auth/refresh', { refreshToken: refreshable });
    expect(refresh.status).toBe(401);
    await becomes(calls, { jwt: 401, cookie: 401, apiKey: 200, machine: 200 });
  });
});
