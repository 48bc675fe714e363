import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TenantDb } from '../../src/database/tenant-db.js';
import { adminQuery } from '../support/admin-query.js';
import { authApp, newOperator, PASSWORD, setTenantStatus, signIn, tenantWithMember } from '../support/auth-app.js';
import { auditedActions, callAs, newPerson } from '../support/tenant-people.js';

interface Login {
  readonly slug?: string;
  readonly email: string;
}
interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const sql = <R extends object>(tenantId: string, text: string) =>
  app.get(TenantDb, { strict: false }).one<R>(tenantId, { text });
const post = <T = Record<string, unknown>>(token: string | null, url: string, payload: object) =>
  callAs<T>(app, token, 'POST', url, payload);
const login = ({ slug, email }: Login, password = PASSWORD) =>
  post<{ challenge: string }>(null, '/v1/auth/login', { tenant: slug, email, password });
const answer = (challenge: string, code: string, extra = {}) =>
  post<Tokens>(null, '/v1/auth/login/second-factor', { challenge, code, ...extra });
const challengeOf = async (who: Login) => (await login(who)).body.challenge;
/** The code of the app. @param steps of 30 s from now; a later code must follow an earlier one */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });

/** Somebody whose second factor was confirmed with the code of the step before this one. */
async function withFactor(who: Login & { tenantId?: string }) {
  const { accessToken } = await signIn(app, who);
  const started = await post<{ secret: string; uri: string }>(accessToken, '/v1/me/second-factor', {
    currentPassword: PASSWORD,
  });
  expect(started.status).toBe(201);
  const { secret } = started.body;
  const confirmed = await post<{ recoveryCodes: string[] }>(accessToken, '/v1/me/second-factor/confirm', {
    code: codeOf(secret, -1),
  });
  expect(confirmed.status).toBe(200);
  return { ...who, accessToken, secret, uri: started.body.uri, recoveryCodes: confirmed.body.recoveryCodes };
}

describe('setting up a second factor', () => {
  it('needs the password, then a code; until then nothing changes', async () => {
    const member = await tenantWithMember(app);
    const { accessToken } = await signIn(app, member);
    const state = async () => (await callAs(app, accessToken, 'GET', '/v1/me/second-factor')).body;
    expect(await state()).toEqual({ object: 'second_factor', status: 'off', recoveryCodesLeft: 0 });
    expect((await post(accessToken, '/v1/me/second-factor', { currentPassword: 'wrong' })).status).toBe(422);
    expect(await post(accessToken, '/v1/me/second-factor/confirm', { code: '123456' })).toMatchObject({ status: 409 });
    const first = await post<{ secret: string; uri: string }>(accessToken, '/v1/me/second-factor', {
      currentPassword: PASSWORD,
    });
    expect(decodeURIComponent(first.body.uri)).toContain(`otpauth://totp/${member.slug}:${member.email}?`);
    expect(await state()).toMatchObject({ status: 'pending' });
    await signIn(app, member); // no code yet
    const second = await post<{ secret: string }>(accessToken, '/v1/me/second-factor', { currentPassword: PASSWORD });
    const confirm = (code: string) =>
      post<{ recoveryCodes: string[] }>(accessToken, '/v1/me/second-factor/confirm', { code });
    expect(await confirm(codeOf(first.body.secret))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/code' }] },
    });
    const done = await confirm(codeOf(second.body.secret));
    expect(new Set(done.body.recoveryCodes).size).toBe(10);
    expect(await state()).toEqual({ object: 'second_factor', status: 'on', recoveryCodesLeft: 10 });
    expect((await post(accessToken, '/v1/me/second-factor', { currentPassword: PASSWORD })).status).toBe(409);
    expect(await auditedActions(app, member.tenantId)).toEqual(['account.second_factor_enabled']);
    const [row] = await sql<{ text: string }>(
      member.tenantId,
      'select encode(secret_sealed, $$escape$$) as text from maru.second_factors',
    );
    expect(row!.text).not.toContain(second.body.secret);
  });
});

describe('signing in with a second factor', () => {
  it('asks for the code after the password, and never tells more to whoever has no password', async () => {
    const person = await withFactor(await tenantWithMember(app));
    const wrong = await login(person, 'wrong');
    const unknown = await login({ slug: person.slug, email: 'nobody@example.com' }, 'wrong');
    expect({ ...wrong.body, requestId: 0 }).toEqual({ ...unknown.body, requestId: 0 });
    const right = await login(person);
    expect(right).toMatchObject({ status: 401, body: { code: 'second-factor-required', expiresIn: 300 } });
    expect(right.body).not.toHaveProperty('accessToken');
    const tokens = await answer(right.body.challenge, codeOf(person.secret));
    expect(tokens).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 300 } });
    expect((await callAs(app, tokens.body.accessToken, 'GET', '/v1/me')).status).toBe(200);
    expect((await post(null, '/v1/auth/refresh', { refreshToken: tokens.body.refreshToken })).status).toBe(200);
  });

  it('takes a code once, and a challenge once', async () => {
    const person = await withFactor(await tenantWithMember(app));
    const code = codeOf(person.secret);
    const first = await challengeOf(person);
    const race = await Promise.all(Array.from({ length: 4 }, () => answer(first, code)));
    expect(race.map((a) => a.status).sort()).toEqual([200, 401, 401, 401]);
    expect((await answer(first, codeOf(person.secret, 1))).status).toBe(401);
    const second = await challengeOf(person);
    expect((await answer(second, code)).status).toBe(401); // watched over the shoulder
    expect((await answer(second, codeOf(person.secret, 1))).status).toBe(200);
  });

  it('counts wrong codes apart from passwords, per challenge and per account', async () => {
    const person = await withFactor(await tenantWithMember(app));
    const challenge = await challengeOf(person);
    for (let i = 0; i < 4; i++) expect((await answer(challenge, '000000')).status).toBe(401);
    const other = await challengeOf(person); // the password counts for itself, and makes the older challenge void
    expect((await answer(challenge, codeOf(person.secret))).status).toBe(401);
    expect((await answer(other, '000000')).status).toBe(401);
    await sql(person.tenantId!, `update maru.login_failures set blocked_until = now() + interval '1 minute'`);
    expect(await answer(other, codeOf(person.secret))).toMatchObject({
      status: 429,
      body: { 'violated-policies': ['login'] },
    });
    await sql(person.tenantId!, 'delete from maru.login_failures');
    expect((await answer(other, codeOf(person.secret))).status).toBe(200);
    const tired = await challengeOf(person);
    await sql(person.tenantId!, 'update maru.login_challenges set attempts = 5');
    expect((await answer(tired, codeOf(person.secret, 1))).status).toBe(401);
    const late = await challengeOf(person);
    expect((await answer(`${late.slice(0, -2)}AA`, codeOf(person.secret, 1))).status).toBe(401);
    await adminQuery(process.env.DATABASE_URL!, `update maru.login_challenges set expires_at = now()`);
    expect((await answer(late, codeOf(person.secret, 1))).status).toBe(401);
    expect((await answer(await challengeOf(person), codeOf(person.secret, 1))).status).toBe(200);
  });

  it('takes a recovery code instead, once', async () => {
    const person = await withFactor(await tenantWithMember(app));
    const [code] = person.recoveryCodes;
    expect((await answer(await challengeOf(person), code!.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    expect((await answer(await challengeOf(person), code!)).status).toBe(401);
    const state = await callAs(app, person.accessToken, 'GET', '/v1/me/second-factor');
    expect(state.body).toMatchObject({ recoveryCodesLeft: 9 });
  });

  it('belongs to its person: another’s code, another realm and a suspended tenant open nothing', async () => {
    const [a, b] = [await withFactor(await tenantWithMember(app)), await withFactor(await tenantWithMember(app))];
    const challenge = await challengeOf(a);
    expect((await answer(challenge, codeOf(b.secret))).status).toBe(401);
    expect(
      (await answer(`${(await challengeOf(b)).split('.')[0]}.${challenge.split('.')[1]}`, codeOf(b.secret))).status,
    ).toBe(401);
    expect((await answer(challenge, b.recoveryCodes[0]!)).status).toBe(401);
    await setTenantStatus(app, a.tenantId!, 'suspended');
    expect((await answer(challenge, codeOf(a.secret))).body).toMatchObject({ code: 'tenant-suspended' });
  });

  it('works for operators, and for a browser session', async () => {
    const operator = await withFactor(await newOperator(app));
    const challenge = await challengeOf(operator);
    const signedIn = await answer(challenge, codeOf(operator.secret), { session: 'cookie' });
    expect(signedIn).toMatchObject({ status: 200, body: { refreshToken: null } });
    expect(String(signedIn.headers['set-cookie'])).toMatch(/^maru_session=/);
  });
});

describe('turning a second factor off', () => {
  it('needs the password and a code', async () => {
    const person = await withFactor(await tenantWithMember(app));
    const off = (currentPassword: string, code: string) =>
      post(person.accessToken, '/v1/me/second-factor/disable', { currentPassword, code });
    expect(await off('wrong', codeOf(person.secret))).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/currentPassword' }] },
    });
    expect(await off(PASSWORD, '000000')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/code' }] } });
    expect((await login(person)).status).toBe(401);
    expect((await off(PASSWORD, codeOf(person.secret))).status).toBe(204);
    expect((await login(person)).status).toBe(200);
    expect((await off(PASSWORD, codeOf(person.secret, 1))).status).toBe(409);
  });

  it('is done by an admin for a member who lost everything, but not for an owner', async () => {
    const owner = await withFactor(await tenantWithMember(app));
    const admin = await newPerson(app, owner.tenantId!, 'admin');
    const member = await withFactor(await tenantWithMember(app, 'analyst'));
    const list = await admin.call<{ data: { id: string; role: string }[] }>('GET', '/v1/members');
    const ownerId = list.body.data.find(({ role }) => role === 'owner')!.id;
    expect((await admin.call('DELETE', `/v1/members/${ownerId}/second-factor`)).status).toBe(403);
    const boss = await newPerson(app, member.tenantId!, 'admin');
    const others = await boss.call<{ data: { id: string; role: string }[] }>('GET', '/v1/members');
    const analystId = others.body.data.find(({ role }) => role === 'analyst')!.id;
    expect((await admin.call('DELETE', `/v1/members/${analystId}/second-factor`)).status).toBe(404); // another tenant
    expect((await boss.call('DELETE', `/v1/members/${analystId}/second-factor`)).status).toBe(204);
    expect((await boss.call('DELETE', `/v1/members/${analystId}/second-factor`)).status).toBe(404);
    expect((await login(member)).status).toBe(200);
  });
});
