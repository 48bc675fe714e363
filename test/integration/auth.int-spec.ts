import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { Principals } from '../../src/auth/principals.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp, newOperator, PASSWORD, setTenantStatus, signIn, tenantWithMember } from '../support/auth-app.js';

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const login = (payload: object, headers: Record<string, string> = {}) =>
  app.inject({ method: 'POST', url: '/v1/auth/login', payload, headers });
const get = (url: string, token: string, headers: Record<string, string> = {}) =>
  app.inject({ url, headers: { authorization: `Bearer ${token}`, ...headers } });
/** What must not differ between two refusals: all but the ids of the request. */
const anonymous = (body: string) => ({ ...(JSON.parse(body) as object), requestId: null });

describe('sign-in of members and operators', () => {
  it('gives a member tokens that open routes of the tenant', async () => {
    const member = await tenantWithMember(app, 'analyst');
    const tokens = await signIn(app, { ...member, email: ` ${member.email.toUpperCase()} ` });
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 300 });
    const probe = await get('/v1/probe', tokens.accessToken);
    expect(probe.json()).toEqual({ tenantId: member.tenantId });
    const me = (await get('/v1/me', tokens.accessToken)).json();
    expect(me).toMatchObject({ object: 'member', role: 'analyst', email: member.email, credential: 'jwt' });
    expect(me).toMatchObject({ tenant: { slug: member.slug } });
  });

  it('gives an operator a token without a tenant, which tenant routes refuse', async () => {
    const { accessToken } = await signIn(app, await newOperator(app));
    expect((await get('/v1/me', accessToken)).json()).toMatchObject({ object: 'operator', tenant: null });
    expect((await get('/v1/probe', accessToken)).json()).toMatchObject({ status: 403, code: 'insufficient-scope' });
    const manage = await app.inject({
      method: 'DELETE',
      url: '/v1/probe',
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(manage.json()).toEqual({ done: true });
  });

  it('answers an unknown tenant, an unknown account and a wrong password alike', async () => {
    const member = await tenantWithMember(app);
    const other = await tenantWithMember(app);
    const answers = [
      await login({ tenant: member.slug, email: member.email, password: 'wrong' }),
      await login({ tenant: member.slug, email: 'nobody@example.com', password: PASSWORD }),
      await login({ tenant: 'no-such-tenant', email: member.email, password: PASSWORD }),
      await login({ tenant: other.slug, email: member.email, password: PASSWORD }),
      await login({ email: member.email, password: PASSWORD }),
    ];
    for (const answer of answers) {
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="maru"');
      expect(anonymous(answer.body)).toEqual(anonymous(answers[0]!.body));
    }
  });

  it('refuses a body with faults and names each field', async () => {
    const answer = await login({ email: 5, password: '', role: 'owner' });
    expect(answer.statusCode).toBe(422);
    const pointers = (answer.json() as { errors: { pointer: string }[] }).errors.map((e) => e.pointer);
    expect(new Set(pointers)).toEqual(new Set(['/email', '/password', '/role']));
  });

  it('takes the tenant from the host, and no other tenant there', async () => {
    const member = await tenantWithMember(app);
    const other = await tenantWithMember(app);
    const host = `${member.slug}.localhost:3000`;
    const { email } = member;
    expect((await login({ email, password: PASSWORD }, { host })).statusCode).toBe(200);
    expect((await login({ tenant: member.slug, email, password: PASSWORD }, { host })).statusCode).toBe(200);
    const elsewhere = { tenant: other.slug, email: other.email, password: PASSWORD };
    expect((await login(elsewhere, { host })).statusCode).toBe(401);
    const foreign = await signIn(app, other);
    expect((await get('/v1/me', foreign.accessToken, { host })).statusCode).toBe(401);
    expect((await get('/v1/me', foreign.accessToken)).statusCode).toBe(200);
  });
});

describe('throttle of an account', () => {
  const sql = (tenantId: string, text: string) =>
    app.get(TenantDb, { strict: false }).one<{ seconds: number }>(tenantId, { text });
  const delaysOf = async (tenantId: string) => {
    const text = `select extract(epoch from blocked_until - last_failed_at)::int as seconds from maru.login_failures`;
    return (await sql(tenantId, text)).map((row) => row.seconds);
  };

  it('blocks after five failures, also with the right password, and counts unknown accounts alike', async () => {
    const member = await tenantWithMember(app);
    for (const email of [member.email, 'nobody@example.com']) {
      const attempt = (password: string) => login({ tenant: member.slug, email, password });
      for (let i = 0; i < 5; i++) expect((await attempt('wrong')).statusCode).toBe(401);
      await sql(member.tenantId, `update maru.login_failures set blocked_until = blocked_until + interval '1 minute'`);
      const blocked = await attempt(PASSWORD);
      expect(blocked.statusCode).toBe(429);
      expect(Number(blocked.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(blocked.json()).toMatchObject({ code: 'quota-exceeded', retryable: true, 'violated-policies': ['login'] });
    }
  });

  it('lets few parallel guesses through', async () => {
    const member = await tenantWithMember(app);
    const guess = () => login({ tenant: member.slug, email: member.email, password: 'wrong' });
    const answers = await Promise.all(Array.from({ length: 30 }, guess));
    const checked = answers.filter((a) => a.statusCode === 401).length;
    expect(checked).toBeGreaterThanOrEqual(5);
    expect(checked).toBeLessThanOrEqual(12); // 5, the 3 other slots, and a few when the first delay ends meanwhile
  });

  it('doubles the delay, and forgets failures after a success', async () => {
    const member = await tenantWithMember(app);
    const attempt = (password: string) => login({ tenant: member.slug, email: member.email, password });
    const unblock = () => sql(member.tenantId, 'update maru.login_failures set blocked_until = now()');
    for (let i = 0; i < 5; i++) await attempt('wrong');
    for (const seconds of [1, 2, 4, 8]) {
      expect(await delaysOf(member.tenantId)).toEqual([seconds]);
      await unblock();
      await attempt('wrong');
    }
    await sql(member.tenantId, 'update maru.login_failures set failures = 1000');
    await unblock();
    await attempt('wrong');
    expect(await delaysOf(member.tenantId)).toEqual([900]);
    await unblock();
    expect((await attempt(PASSWORD)).statusCode).toBe(200);
    expect(await delaysOf(member.tenantId)).toEqual([]);
  });
});

describe('API keys', () => {
  it('open what their scopes allow, in their tenant', async () => {
    const { tenantId } = await tenantWithMember(app);
    const { key } = await app.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'ci', scopes: ['jobs:read'] });
    expect(key).toMatch(/^maru_test_/);
    expect((await get('/v1/probe', key)).json()).toEqual({ tenantId });
    const write = await app.inject({ method: 'POST', url: '/v1/probe', headers: { authorization: `Bearer ${key}` } });
    expect(write.json()).toMatchObject({ status: 403, code: 'insufficient-scope' });
    expect((await get('/v1/me', key)).json()).toMatchObject({ object: 'api_key', name: 'ci', scopes: ['jobs:read'] });
  });

  it('are refused when unknown, mistyped, expired, or used from elsewhere', async () => {
    const keys = app.get(ApiKeys, { strict: false });
    const { tenantId } = await tenantWithMember(app);
    const scopes = ['jobs:read'] as const;
    const expired = await keys.issue(tenantId, { name: 'old', scopes, expiresAt: new Date(Date.now() - 1000) });
    const elsewhere = await keys.issue(tenantId, {
      name: 'office',
      scopes,
      allowedCidrs: ['203.0.113.0/24', '2001:db8::/32'],
    });
    const here = await keys.issue(tenantId, { name: 'here', scopes, allowedCidrs: ['127.0.0.0/8'] });
    const mistyped = `${here.key.slice(0, -1)}${here.key.endsWith('a') ? 'b' : 'a'}`;
    for (const key of [expired.key, elsewhere.key, mistyped, 'maru_test_x']) {
      expect((await get('/v1/probe', key)).statusCode).toBe(401);
    }
    expect((await get('/v1/probe', here.key)).statusCode).toBe(200);
  });

  it('cannot hold what no key may', async () => {
    const { tenantId } = await tenantWithMember(app);
    const issue = app
      .get(ApiKeys, { strict: false })
      .issue(tenantId, { name: 'x', scopes: ['keys:manage', 'jobs:read'] });
    await expect(issue).rejects.toMatchObject({ code: 'validation-failed', errors: [{ pointer: '/scopes' }] });
  });
});

describe('a suspended tenant', () => {
  it('is refused with 403 whatever the credential, and back after it was resumed', async () => {
    const member = await tenantWithMember(app);
    const { accessToken, refreshToken } = await signIn(app, member);
    const { key } = await app
      .get(ApiKeys, { strict: false })
      .issue(member.tenantId, { name: 'k', scopes: ['jobs:read'] });
    await setTenantStatus(app, member.tenantId, 'suspended');
    app.get(Principals, { strict: false }).forget(); // what 5 s would do
    for (const credential of [accessToken, key]) {
      for (const url of ['/v1/probe', '/v1/me']) {
        expect((await get(url, credential)).json()).toMatchObject({ status: 403, code: 'tenant-suspended' });
      }
    }
    const signInAgain = { tenant: member.slug, email: member.email, password: PASSWORD };
    expect((await login(signInAgain)).json()).toMatchObject({ status: 403, code: 'tenant-suspended' });
    expect((await login({ ...signInAgain, password: 'wrong' })).statusCode).toBe(401);
    const refresh = await app.inject({ method: 'POST', url: '/v1/auth/refresh', payload: { refreshToken } });
    expect(refresh.json()).toMatchObject({ status: 403, code: 'tenant-suspended' });
    await setTenantStatus(app, member.tenantId, 'active');
    app.get(Principals, { strict: false }).forget();
    expect((await get('/v1/probe', accessToken)).statusCode).toBe(200);
  });
});
