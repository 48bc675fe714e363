import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp, PASSWORD, signIn, tenantWithMember, type TestMember } from '../support/auth-app.js';

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const refresh = (refreshToken: string) =>
  app.inject({ method: 'POST', url: '/v1/auth/refresh', payload: { refreshToken } });
const next = async (refreshToken: string) =>
  (await refresh(refreshToken)).json<{ refreshToken: string }>().refreshToken;
const me = (accessToken: string) => app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${accessToken}` } });
const sql = (tenantId: string, text: string) =>
  app.get(TenantDb, { strict: false }).one<{ n: number }>(tenantId, { text });
const openFamilies = async (tenantId: string) =>
  (await sql(tenantId, 'select count(*)::int as n from maru.sessions where revoked_at is null'))[0]!.n;

/** The token with another letter in its middle: the last ones carry bits that decoding drops. */
function altered(token: string): string {
  const at = Math.floor(token.length / 2);
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
}

describe('refresh tokens', () => {
  it('rotate, and keep the session', async () => {
    const first = await signIn(app, await tenantWithMember(app));
    const answer = await refresh(first.refreshToken);
    expect(answer.statusCode).toBe(200);
    const second = answer.json<typeof first>();
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect((await me(second.accessToken)).statusCode).toBe(200);
    expect((await refresh(second.refreshToken)).statusCode).toBe(200);
  });

  it('give twenty simultaneous uses of one token the same single successor', async () => {
    const member = await tenantWithMember(app);
    const { refreshToken } = await signIn(app, member);
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(refreshToken)));
    expect(answers.map((a) => a.statusCode)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(new Set(answers.map((a) => a.json<{ refreshToken: string }>().refreshToken)).size).toBe(1);
    const [row] = await sql(member.tenantId, 'select count(*)::int as n from maru.refresh_tokens');
    expect(row!.n).toBe(2);
  });

  it('end the session when an older one is used again', async () => {
    const member = await tenantWithMember(app);
    const first = await signIn(app, member);
    const second = await next(first.refreshToken);
    const third = await next(second);
    expect((await refresh(first.refreshToken)).statusCode).toBe(401); // not the parent of the newest
    expect(await openFamilies(member.tenantId)).toBe(0);
    expect((await refresh(third)).statusCode).toBe(401);
  });

  it('end the session when the parent comes back after the grace', async () => {
    const member = await tenantWithMember(app);
    const first = await signIn(app, member);
    const second = await next(first.refreshToken);
    await sql(
      member.tenantId,
      `update maru.refresh_tokens set used_at = used_at - interval '11 seconds' where used_at is not null`,
    );
    expect((await refresh(first.refreshToken)).statusCode).toBe(401);
    expect((await refresh(second)).statusCode).toBe(401);
  });

  it('are refused when made up, idle for 7 days, or of a removed member; a made-up one ends nothing', async () => {
    const member = await tenantWithMember(app);
    const { refreshToken } = await signIn(app, member);
    expect((await refresh(altered(refreshToken))).statusCode).toBe(401);
    expect((await refresh('x')).statusCode).toBe(401);
    expect(await openFamilies(member.tenantId)).toBe(1);
    await sql(member.tenantId, `update maru.sessions set last_used_at = now() - interval '8 days'`);
    expect((await refresh(refreshToken)).statusCode).toBe(401);
    const other = await signIn(app, member);
    await sql(member.tenantId, `update maru.members set status = 'disabled'`);
    expect((await refresh(other.refreshToken)).statusCode).toBe(401);
  });

  it('end with a logout, and so does the access token', async () => {
    const member = await tenantWithMember(app);
    const { accessToken, refreshToken } = await signIn(app, member);
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await app.inject({ method: 'POST', url: '/v1/auth/logout', headers })).statusCode).toBe(204);
    expect((await me(accessToken)).statusCode).toBe(401);
    expect((await refresh(refreshToken)).statusCode).toBe(401);
  });
});

describe('cookie sessions', () => {
  const HOST = '127.0.0.1:3000';
  const ORIGIN = `http://${HOST}`;

  async function cookieOf({ slug, email }: TestMember, host = HOST): Promise<string> {
    const payload = { tenant: slug, email, password: PASSWORD, session: 'cookie' };
    const answer = await app.inject({ method: 'POST', url: '/v1/auth/login', payload, headers: { host } });
    expect(answer.json()).toMatchObject({ refreshToken: null });
    const [line] = [answer.headers['set-cookie']].flat() as string[];
    expect(line).toMatch(/^maru_session=[^;]+; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Strict$/);
    return line!.split(';', 1)[0]!;
  }

  it('open routes, and unsafe ones only from a page of the same host', async () => {
    const member = await tenantWithMember(app);
    const cookie = await cookieOf(member);
    const probe = await app.inject({ url: '/v1/probe', headers: { host: HOST, cookie } });
    expect(probe.json()).toEqual({ tenantId: member.tenantId });
    const post = (headers: { origin?: string }) =>
      app.inject({ method: 'POST', url: '/v1/probe', headers: { host: HOST, cookie, ...headers } });
    expect((await post({ origin: ORIGIN })).statusCode).toBe(201);
    for (const headers of [{}, { origin: 'http://evil.example' }, { origin: 'null' }]) {
      expect((await post(headers)).json()).toMatchObject({ status: 403, code: 'cross-site-request' });
    }
  });

  it('are good for their own tenant only', async () => {
    const [a, b] = [await tenantWithMember(app), await tenantWithMember(app)];
    const host = `${a.slug}.localhost:3000`;
    const cookie = await cookieOf(a, host);
    const url = '/v1/probe';
    expect((await app.inject({ url, headers: { host, cookie } })).statusCode).toBe(200);
    expect((await app.inject({ url, headers: { host: `${b.slug}.localhost:3000`, cookie } })).statusCode).toBe(401);
    const swapped = `${(await cookieOf(b)).split('.', 1)[0]}.${cookie.split('.')[1]}`; // the secret of A under the tenant of B
    expect((await app.inject({ url, headers: { host: HOST, cookie: swapped } })).statusCode).toBe(401);
  });

  it('end with a logout, which removes the cookie', async () => {
    const cookie = await cookieOf(await tenantWithMember(app));
    const headers = { host: HOST, origin: ORIGIN, cookie };
    const logout = await app.inject({ method: 'POST', url: '/v1/auth/logout', headers });
    expect(logout.statusCode).toBe(204);
    expect([logout.headers['set-cookie']].flat()[0]).toMatch(/^maru_session=; .*Expires=Thu, 01 Jan 1970/);
    expect((await app.inject({ url: '/v1/me', headers })).statusCode).toBe(401);
  });

  it('cannot be opened by a page of another host', async () => {
    const { slug, email } = await tenantWithMember(app);
    const payload = { tenant: slug, email, password: PASSWORD, session: 'cookie' };
    const headers = { host: HOST, origin: 'http://evil.example' };
    const answer = await app.inject({ method: 'POST', url: '/v1/auth/login', payload, headers });
    expect(answer.json()).toMatchObject({ code: 'cross-site-request' });
  });
});
