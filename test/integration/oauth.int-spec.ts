import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { Principals } from '../../src/auth/principals.js';
import type { Scope } from '../../src/auth/scopes.js';
import { publicId } from '../../src/common/ids.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp, setTenantStatus } from '../support/auth-app.js';
import { callAs, newTenant } from '../support/tenant-people.js';

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const FORM = 'application/x-www-form-urlencoded';
const GRANT = 'grant_type=client_credentials';

async function newClient(scopes: Scope[] = ['jobs:read', 'jobs:write'], allowedCidrs: string[] = []) {
  const tenantId = await newTenant(app);
  const { id, key } = await app.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'm2m', scopes, allowedCidrs });
  return { tenantId, id: publicId('apiKey', id), key };
}
const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
const request = (payload: string, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/oauth/token', payload, headers: { 'content-type': FORM, ...headers } });
const tokenOf = async ({ id, key }: { id: string; key: string }, extra = '') =>
  (await request(`${GRANT}${extra}`, { authorization: basic(id, key) })).json<{ access_token: string }>().access_token;

describe('the client credentials grant', () => {
  it('gives a token of 15 min to a key, in the header or in the form', async () => {
    const client = await newClient();
    const inHeader = await request(GRANT, { authorization: basic(client.id, client.key) });
    expect(inHeader.statusCode).toBe(200);
    expect(inHeader.headers['cache-control']).toBe('no-store');
    expect(inHeader.json()).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      scope: 'jobs:read jobs:write',
    });
    const inForm = await request(`${GRANT}&client_id=${client.id}&client_secret=${client.key}`);
    const { access_token } = inForm.json<{ access_token: string }>();
    const claims = JSON.parse(Buffer.from(access_token.split('.')[1]!, 'base64url').toString()) as Record<
      string,
      unknown
    >;
    expect(claims).toMatchObject({ aud: 'maru-api', sub: client.id, client_id: client.id, ver: 0 });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
    expect((await callAs(app, access_token, 'GET', '/v1/probe')).body).toEqual({ tenantId: client.tenantId });
    expect((await callAs(app, access_token, 'GET', '/v1/me')).body).toMatchObject({
      id: client.id,
      credential: 'jwt',
      object: 'api_key',
    });
  });

  it('narrows the scopes of a token, and never widens them', async () => {
    const client = await newClient();
    const token = await tokenOf(client, '&scope=jobs%3Aread');
    expect((await callAs(app, token, 'GET', '/v1/probe')).status).toBe(200);
    expect((await callAs(app, token, 'POST', '/v1/probe')).status).toBe(403);
    for (const scope of ['files:read', 'jobs:read+platform:manage', 'x', '%20']) {
      const answer = await request(`${GRANT}&scope=${scope}`, { authorization: basic(client.id, client.key) });
      expect([answer.statusCode, answer.json()]).toMatchObject([400, { error: 'invalid_scope' }]);
    }
    const full = await tokenOf(client);
    const text = `update maru.api_keys set scopes = '{jobs:read}'`; // what the key loses, its tokens lose
    await app.get(TenantDb, { strict: false }).one(client.tenantId, { text });
    app.get(Principals, { strict: false }).forget();
    expect((await callAs(app, full, 'POST', '/v1/probe')).status).toBe(403);
    expect((await callAs(app, full, 'GET', '/v1/probe')).status).toBe(200);
  });

  it('ends with its key, with its tenant, and outside its addresses', async () => {
    const client = await newClient();
    const token = await tokenOf(client);
    await setTenantStatus(app, client.tenantId, 'suspended');
    app.get(Principals, { strict: false }).forget();
    expect((await callAs(app, token, 'GET', '/v1/probe')).body).toMatchObject({ code: 'tenant-suspended' });
    const refused = await request(GRANT, { authorization: basic(client.id, client.key) });
    expect([refused.statusCode, refused.json()]).toMatchObject([400, { error: 'unauthorized_client' }]);
    await setTenantStatus(app, client.tenantId, 'active');
    app.get(Principals, { strict: false }).forget();
    expect((await callAs(app, token, 'GET', '/v1/probe')).status).toBe(200);
    await app
      .get(TenantDb, { strict: false })
      .one(client.tenantId, { text: 'update maru.api_keys set revoked_at = now()' });
    app.get(Principals, { strict: false }).forget();
    expect((await callAs(app, token, 'GET', '/v1/probe')).status).toBe(401);
    const bound = await newClient(['jobs:read'], ['127.0.0.0/8']);
    const boundToken = await tokenOf(bound);
    const from = (remoteAddress: string) =>
      app.inject({ url: '/v1/probe', remoteAddress, headers: { authorization: `Bearer ${boundToken}` } });
    expect((await from('127.0.0.1')).statusCode).toBe(200);
    expect((await from('203.0.113.9')).statusCode).toBe(401);
  });

  it('refuses in the words of RFC 6749', async () => {
    const [a, b] = [await newClient(), await newClient()];
    const good = basic(a.id, a.key);
    const cases: [string, Record<string, string>, number, string][] = [
      ['', { authorization: good }, 400, 'invalid_request'],
      ['grant_type=password&username=a&password=b', { authorization: good }, 400, 'unsupported_grant_type'],
      ['grant_type=refresh_token&refresh_token=x', { authorization: good }, 400, 'unsupported_grant_type'],
      [`${GRANT}&${GRANT}`, { authorization: good }, 400, 'invalid_request'],
      [`${GRANT}&client_secret=${a.key}`, { authorization: good }, 400, 'invalid_request'],
      [`${GRANT}&client_id=${b.id}`, { authorization: good }, 400, 'invalid_request'],
      [`${GRANT}&scope=%00`, { authorization: good }, 400, 'invalid_request'],
      [
        '{"grant_type":"client_credentials"}',
        { authorization: good, 'content-type': 'application/json' },
        400,
        'invalid_request',
      ],
      [GRANT, {}, 401, 'invalid_client'],
      [GRANT, { authorization: basic(b.id, a.key) }, 401, 'invalid_client'],
      [GRANT, { authorization: basic(a.id, `${a.key.slice(0, -1)}0`) }, 401, 'invalid_client'],
      [GRANT, { authorization: basic('x', a.key) }, 401, 'invalid_client'],
      [GRANT, { authorization: `Bearer ${a.key}` }, 401, 'invalid_client'],
      [GRANT, { authorization: 'Basic !!!' }, 401, 'invalid_client'],
      [GRANT, { authorization: `Basic ${Buffer.from('%:%').toString('base64')}` }, 401, 'invalid_client'],
    ];
    for (const [payload, headers, status, error] of cases) {
      const answer = await request(payload, headers);
      expect([payload, headers, answer.statusCode, answer.json()]).toEqual([
        payload,
        headers,
        status,
        { error, error_description: expect.any(String) },
      ]);
      expect(answer.headers['www-authenticate']).toBe(status === 401 ? 'Basic realm="maru"' : undefined);
    }
  });

  it('is described for libraries (RFC 8414)', async () => {
    const answer = await app.inject({ url: '/.well-known/oauth-authorization-server' });
    const issuer = 'http://127.0.0.1:3000';
    expect(answer.json()).toMatchObject({
      issuer,
      token_endpoint: `${issuer}/oauth/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
    });
  });
});
