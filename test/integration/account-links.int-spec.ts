import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/audit/audit-trail.js';
import { MemberAdministration } from '../../src/auth/members/member-administration.js';
import { MailConfig } from '../../src/config/config.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp, PASSWORD, setTenantStatus, signIn, tenantWithMember } from '../support/auth-app.js';
import { auditedActions, callAs, newPerson, newTenant, type Person } from '../support/tenant-people.js';

const NEW_PASSWORD = 'seven lamps above the quay';

interface Made {
  readonly id: string;
  readonly link: { readonly url: string | null };
}
interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | null;
}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const sql = <R extends object>(tenantId: string, text: string) =>
  app.get(TenantDb, { strict: false }).one<R>(tenantId, { text });
const tokenOf = (made: Made) => made.link.url!.split('#')[1]!;
const post = <T = Record<string, unknown>>(url: string, payload: object) => callAs<T>(app, null, 'POST', url, payload);
const accept = (token: string, password = NEW_PASSWORD) =>
  post<Tokens>('/v1/auth/invitations/accept', { token, password });
const reset = (token: string, password = NEW_PASSWORD) => post('/v1/auth/password/reset', { token, password });
const invited = async (owner: Person, email: string) =>
  (await owner.call<Made>('POST', '/v1/members', { email, name: 'Mina', role: 'analyst' })).body;

describe('an invitation', () => {
  it('is a link on the tenant’s own host that opens the account once', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const made = await invited(owner, 'mina@example.com');
    expect(made.link.url).toMatch(/^http:\/\/t[0-9a-f]{8}\.localhost:3000\/invitation#[\w-]{22}\.[\w-]{43}$/);
    const answer = await accept(tokenOf(made));
    expect(answer).toMatchObject({ status: 200, body: { tokenType: 'Bearer', expiresIn: 300 } });
    const me = await callAs(app, answer.body.accessToken, 'GET', '/v1/me');
    expect(me.body).toMatchObject({ id: made.id, email: 'mina@example.com', role: 'analyst' });
    expect((await accept(tokenOf(made))).status).toBe(401);
    expect(await auditedActions(app, owner.tenantId)).toEqual(['member.invited', 'member.joined']);
    const [row] = await sql<{ hash: Buffer }>(owner.tenantId, 'select hash from maru.account_tokens');
    expect(row!.hash.toString('utf8')).not.toContain(tokenOf(made).slice(30));
  });

  it('can be looked at without using it, and takes the name as its owner writes it', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const token = tokenOf(await invited(owner, 'named@example.com'));
    const inspect = () => post('/v1/auth/invitations/inspect', { token });
    const seen = { object: 'invitation', email: 'named@example.com', name: 'Mina' };
    expect([await inspect(), await inspect()]).toMatchObject([{ status: 200, body: seen }, { body: seen }]);
    const taking = (body: object) => post<Tokens>('/v1/auth/invitations/accept', { token, ...body });
    expect((await taking({ password: NEW_PASSWORD, name: ' ' })).status).toBe(422);
    expect((await taking({ password: 'Minari Kim', name: 'Minari Kim' })).body).toMatchObject({
      errors: [{ pointer: '/password', code: 'password_own' }],
    });
    const answer = await taking({ password: NEW_PASSWORD, name: ' Minari Kim ' });
    const me = await callAs(app, answer.body.accessToken, 'GET', '/v1/me');
    expect(me.body).toMatchObject({ name: 'Minari Kim' });
    expect((await inspect()).status).toBe(401);
  });

  it('opens it for one of twelve who come at the same time', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const token = tokenOf(await invited(owner, 'many@example.com'));
    const answers = await Promise.all(Array.from({ length: 12 }, () => accept(token)));
    expect(answers.map((a) => a.status).sort()).toEqual([200, ...Array.from({ length: 11 }, () => 401)]);
    expect(await sql(owner.tenantId, `select from maru.sessions where subject_kind = 'member'`)).toHaveLength(2);
  });

  it('keeps its link after a refused password, and loses it to a newer one, to time, or to a disabled member', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const made = await invited(owner, 'kim@example.com');
    const refused = await accept(tokenOf(made), 'Password1');
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ pointer: '/password' }] } });
    const renewed = await owner.call<Made>('POST', `/v1/members/${made.id}/invitation`);
    expect(renewed.status).toBe(201);
    expect((await accept(tokenOf(made))).status).toBe(401);
    await owner.call('PATCH', `/v1/members/${made.id}`, { status: 'disabled' });
    expect((await accept(tokenOf(renewed.body))).status).toBe(401);
    const back = await owner.call('PATCH', `/v1/members/${made.id}`, { status: 'active' });
    expect(back.body).toMatchObject({ status: 'invited' }); // there is no password yet
    const late = (await owner.call<Made>('POST', `/v1/members/${made.id}/invitation`)).body;
    await sql(owner.tenantId, `update maru.account_tokens set used_at = null where used_at is null`);
    await sql(owner.tenantId, `delete from maru.account_tokens where used_at is not null`);
    const good = tokenOf(late);
    for (const wrong of [`${good.slice(0, -2)}AA`, `${'A'.repeat(22)}.${good.split('.')[1]}`, 'x', '%00']) {
      expect((await accept(wrong)).status).toBe(401);
    }
    await setTenantStatus(app, owner.tenantId, 'suspended');
    expect((await accept(good)).body).toMatchObject({ code: 'tenant-suspended' });
    await setTenantStatus(app, owner.tenantId, 'active');
    expect((await reset(good)).status).toBe(401); // it is no link for a new password
    expect((await accept(good)).status).toBe(200);
    expect((await owner.call('POST', `/v1/members/${made.id}/invitation`)).body).toMatchObject({
      code: 'invalid-state-transition',
      currentStatus: 'active',
    });
  });

  it('may open a browser session, from a page of the same host', async () => {
    const owner = await newPerson(app, await newTenant(app), 'owner');
    const token = tokenOf(await invited(owner, 'browser@example.com'));
    const call = (origin: string) =>
      app.inject({
        method: 'POST',
        url: '/v1/auth/invitations/accept',
        payload: { token, password: NEW_PASSWORD, session: 'cookie' },
        headers: { host: '127.0.0.1:3000', origin },
      });
    expect((await call('http://evil.example')).json()).toMatchObject({ code: 'cross-site-request' });
    const answer = await call('http://127.0.0.1:3000');
    expect(answer.json()).toMatchObject({ refreshToken: null });
    expect(String(answer.headers['set-cookie'])).toMatch(/^maru_session=/);
  });
});

describe('the first owner of a tenant', () => {
  it('is invited by the platform, and may do everything there', async () => {
    const tenantId = await newTenant(app);
    const who = { email: 'First@Example.com', name: 'First' };
    const { member, link } = await app
      .get(MemberAdministration, { strict: false })
      .inviteOwner(tenantId, who, SYSTEM_ACTOR);
    expect(member).toMatchObject({ email: 'first@example.com', role: 'owner', status: 'invited', invitedBy: null });
    const answer = await accept(link.url!.split('#')[1]!);
    expect((await callAs(app, answer.body.accessToken, 'GET', '/v1/members')).status).toBe(200);
  });
});

describe('a forgotten password', () => {
  it('is answered 202 for known, unknown, invited and disabled accounts, and without a mail transport nothing is shown', async () => {
    const member = await tenantWithMember(app);
    const bodies = [
      { tenant: member.slug, email: member.email },
      { tenant: member.slug, email: 'nobody@example.com' },
      { tenant: 'no-such-tenant', email: member.email },
      { email: member.email },
    ];
    for (const body of bodies)
      expect(await post('/v1/auth/password/forgot', body)).toMatchObject({ status: 202, body: null });
    expect(await sql(member.tenantId, 'select from maru.account_tokens')).toHaveLength(1);
  });

  it('is replaced by a link from an admin, which ends every session and access token', async () => {
    const member = await tenantWithMember(app, 'analyst');
    const admin = await newPerson(app, member.tenantId, 'admin');
    const [a, b] = [await signIn(app, member), await signIn(app, member)];
    const { memberId } = member;
    const list = await admin.call<{ data: { id: string; email: string }[] }>('GET', '/v1/members');
    const id = list.body.data.find(({ email }) => email === member.email)!.id;
    const made = await admin.call<Made>('POST', `/v1/members/${id}/password-reset`);
    expect(made.status).toBe(201);
    expect((await callAs(app, a.accessToken, 'GET', '/v1/me')).status).toBe(200); // offering it changes nothing yet
    expect((await reset(tokenOf(made.body), 'analyst1')).status).toBe(422);
    expect((await reset(tokenOf(made.body))).status).toBe(204);
    expect((await reset(tokenOf(made.body), 'another fine sentence')).status).toBe(401);
    for (const tokens of [a, b]) {
      expect((await callAs(app, tokens.accessToken, 'GET', '/v1/me')).status).toBe(401);
      expect((await post('/v1/auth/refresh', { refreshToken: tokens.refreshToken })).status).toBe(401);
    }
    const login = (password: string) => post('/v1/auth/login', { tenant: member.slug, email: member.email, password });
    expect((await login(PASSWORD)).status).toBe(401);
    expect((await login(NEW_PASSWORD)).status).toBe(200);
    expect((await callAs(app, admin.token, 'GET', '/v1/me')).status).toBe(200);
    const text = `select from maru.sessions where subject_id = '${memberId}' and revoked_reason = 'password'`;
    expect(await sql(member.tenantId, text)).toHaveLength(2);
    expect(await auditedActions(app, member.tenantId)).toEqual([
      'member.password_reset_offered',
      'member.password_reset',
    ]);
  });
});

describe('with a mail transport', () => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'maru-mail-'));
  let mailing: NestFastifyApplication;
  beforeAll(async () => {
    process.env.MAIL_DIR = directory;
    mailing = await authApp();
    delete process.env.MAIL_DIR;
  });
  afterAll(async () => {
    await mailing.close();
    fs.rmSync(directory, { recursive: true });
  });

  const letters = () => {
    const folder = path.join(directory, 'new');
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder)
      .sort()
      .map((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
  };
  const textOf = (letter: string) => Buffer.from(letter.split('\r\n\r\n')[1]!, 'base64').toString('utf8');
  const linkIn = (letter: string) => /http:\S+#(\S+)/.exec(textOf(letter))![1]!;

  it('links go to their owner alone', async () => {
    expect(mailing.get(MailConfig, { strict: false }).directory).toBe(directory);
    const owner = await newPerson(mailing, await newTenant(mailing), 'owner');
    const name = '김미나\r\nBcc: all@example.com'.replace('\r\n', ' ');
    const made = await owner.call<Made>('POST', '/v1/members', { email: 'mina@mail.example', name, role: 'viewer' });
    expect(made.body.link.url).toBeNull();
    const [letter] = letters();
    expect(letter).toMatch(/^To: (=\?utf-8\?B\?[\w+/=]+\?=(\r\n )?)+ <mina@mail\.example>\r$/m);
    expect(letter!.split('\r\n').every((line) => line.length <= 90)).toBe(true);
    expect(textOf(letter!)).toContain('초대되었습니다');
    expect((await accept(linkIn(letter!))).status).toBe(200);
  });

  it('a forgotten password is three letters an hour, and none for a stranger', async () => {
    const member = await tenantWithMember(mailing);
    const before = letters().length;
    const forgot = (email: string) =>
      callAs(mailing, null, 'POST', '/v1/auth/password/forgot', { tenant: member.slug, email });
    for (let i = 0; i < 5; i++) expect((await forgot(member.email)).status).toBe(202);
    expect((await forgot('stranger@example.com')).status).toBe(202);
    await expect.poll(() => letters().length).toBe(before + 3);
    const fresh = letters().filter((letter) => letter.includes(member.email));
    expect(await reset(linkIn(fresh[0]!))).toMatchObject({ status: 204 });
    for (const letter of fresh.slice(1)) expect((await reset(linkIn(letter))).status).toBe(401); // one was used: all are
  });
});
