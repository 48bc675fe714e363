import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SEALED } from '../../src/cli/sealed.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { SecretBox } from '../../src/secrets/secret-box.js';
import { SecretRotation } from '../../src/secrets/secret-rotation.js';
import { TenantKeys } from '../../src/secrets/tenant-keys.js';
import { authApp, PASSWORD, setTenantStatus, signIn, type TestMember, tenantWithMember } from '../support/auth-app.js';
import { OidcBrowser } from '../support/oidc-browser.js';
import { OidcIssuer } from '../support/oidc-issuer.js';
import { query } from '../support/job-fixtures.js';
import { auditedActions, callAs, newPerson, type Person } from '../support/tenant-people.js';

let app: NestFastifyApplication;
let issuer: OidcIssuer;
/** Where nobody answers. */
let gone: string;
let tenant: TestMember;
let owner: Person;
const RULES = { allowedDomains: ['hanbit.example'], createMembers: true, defaultRole: 'analyst' as const };

beforeAll(async () => {
  issuer = await OidcIssuer.start();
  const other = await OidcIssuer.start();
  gone = other.issuer;
  await other.stop();
  process.env.OUTBOUND_ALLOW = `${issuer.address},${other.address}`;
  app = await authApp();
  delete process.env.OUTBOUND_ALLOW;
  tenant = await tenantWithMember(app);
  owner = await newPerson(app, tenant.tenantId, 'owner');
  issuer.register([`http://${hostOf(tenant)}/v1/auth/oidc/callback`]);
});
afterAll(async () => {
  await app.close();
  await issuer.stop();
});
beforeEach(async () => {
  issuer.refuses = false;
  expect((await setUp()).status).toBe(200);
});

const hostOf = ({ slug }: TestMember) => `${slug}.localhost:3000`;
const setUp = (rules: object = RULES, as = owner) => {
  const { client_id: clientId, client_secret: clientSecret } = issuer.client;
  return as.call('PUT', '/v1/tenant/oidc', { issuer: issuer.issuer, clientId, clientSecret, ...rules });
};
const browser = (at = tenant) => new OidcBrowser(app, hostOf(at));
const comes = (sub: string, email = `${sub}@hanbit.example`, more: object = {}) => {
  issuer.person = { sub, email, email_verified: true, name: `Name of ${sub}`, ...more };
};
const sql = <R extends object>(text: string) =>
  app.get(TenantDb, { strict: false }).one<R & Record<string, unknown>>(tenant.tenantId, { text });

describe('signing in with a provider', () => {
  it('makes a member of somebody of the domain, who is known by issuer and subject from then on', async () => {
    comes('mina');
    const first = browser();
    expect(await first.signIn('/jobs?status=failed')).toBe('/jobs?status=failed');
    const me = await first.me();
    expect(me).toMatchObject({ email: 'mina@hanbit.example', name: 'Name of mina', role: 'analyst' });
    comes('mina', 'mina.kim@hanbit.example'); // married
    const second = browser();
    await second.signIn();
    expect(await second.me()).toMatchObject({ id: (me as { id: string }).id, email: 'mina@hanbit.example' });
    comes('other', 'mina@hanbit.example'); // who got the address after her
    expect(await browser().signIn()).toBe('/login?sso=taken');
    const actions = await auditedActions(app, tenant.tenantId);
    expect(actions.filter((action) => /joined|linked/.test(action))).toEqual([
      'member.joined',
      'member.identity_linked',
    ]);
  });

  it('finds an existing member, and lets an invited one in without the link', async () => {
    const invited = await owner.call<{ id: string; link: { url: string } }>('POST', '/v1/members', {
      email: 'jun@hanbit.example',
      name: 'Jun',
      role: 'developer',
    });
    comes('jun');
    const his = browser();
    await his.signIn();
    expect(await his.me()).toMatchObject({ id: invited.body.id, name: 'Jun', role: 'developer' });
    const token = invited.body.link.url.split('#')[1]!;
    const late = await callAs(app, null, 'POST', '/v1/auth/invitations/accept', { token, password: PASSWORD });
    expect(late.status).toBe(401);
  });

  it.each([
    ['unverified', () => comes('eve', 'eve@hanbit.example', { email_verified: false })],
    ['unstated', () => (issuer.person = { sub: 'nomail' })],
    ['domain', () => comes('eve', 'eve@elsewhere.example')],
    ['domain', () => comes('eve', 'eve@hanbit.example.evil.example')],
  ])('refuses: %s', async (reason, arrange) => {
    arrange();
    const guest = browser();
    expect(await guest.signIn()).toBe(`/login?sso=${reason}`);
    expect(await guest.me()).toBe(401);
    expect((await auditedActions(app, tenant.tenantId)).at(-1)).toBe('member.sign_in_refused');
  });

  it('refuses an unknown address where members are not made so, and a disabled member', async () => {
    await setUp({ ...RULES, createMembers: false });
    comes('stranger');
    expect(await browser().signIn()).toBe('/login?sso=unknown');
    const member = await newPerson(app, tenant.tenantId, 'viewer');
    await sql(
      `update maru.members set email = 'gone@hanbit.example', status = 'disabled' where id = '${member.memberId}'`,
    );
    comes('gone');
    expect(await browser().signIn()).toBe('/login?sso=disabled');
    expect(await sql(`select from maru.member_identities where member_id = '${member.memberId}'`)).toEqual([]);
  });

  it('refuses every member of a suspended tenant', async () => {
    comes('mina');
    await setTenantStatus(app, tenant.tenantId, 'suspended');
    expect(await browser().signIn()).toBe('/login?sso=suspended');
    await setTenantStatus(app, tenant.tenantId, 'active');
  });

  it('says so when the provider lets somebody not in', async () => {
    issuer.refuses = true;
    expect(await browser().signIn()).toBe('/login?sso=denied');
  });

  it('asks for the second factor of an account that has one', async () => {
    const member = await tenantMember('careful@hanbit.example');
    const secret = await withFactor(member);
    comes('careful');
    const hers = browser();
    const location = await hers.signIn();
    expect(location).toMatch(/^\/login#[\w-]{22}\.[\w-]{43}$/);
    expect(await hers.me()).toBe(401);
    const answered = await callAs<{ accessToken: string }>(app, null, 'POST', '/v1/auth/login/second-factor', {
      challenge: location.split('#')[1],
      code: new TOTP({ secret: Secret.fromBase32(secret) }).generate(),
    });
    expect((await callAs(app, answered.body.accessToken, 'GET', '/v1/me')).body).toMatchObject({ email: member.email });
  });
});

describe('an attempt', () => {
  it('ends in the browser that began it, once, at the same tenant', async () => {
    comes('mina');
    const [mine, other] = [browser(), browser()];
    const callback = await mine.throughProvider();
    expect((await other.visit(callback)).headers.location).toBe('/login?sso=expired'); // it has no attempt
    await other.throughProvider();
    expect((await other.visit(callback)).headers.location).toBe('/login?sso=failed'); // the state is another's
    expect((await mine.visit(callback)).headers.location).toBe('/');
    expect((await mine.visit(callback)).headers.location).toBe('/login?sso=expired');
    expect(typeof (await mine.me())).toBe('object');
    const answer = await browser().visit('/v1/auth/oidc/callback?error=access_denied&state=x');
    expect(answer.headers.location).toBe('/login?sso=expired');
  });

  it('proves nothing with another code, and its cookie is worth nothing at another tenant', async () => {
    comes('mina');
    const mine = browser();
    const callback = await mine.throughProvider();
    expect((await mine.visit(callback.replace(/code=[^&]+/, 'code=x'))).headers.location).toBe('/login?sso=failed');
    const second = await tenantWithMember(app);
    expect((await browser(second).visit(callback)).headers.location).toBe('/login?sso=expired');
    expect((await app.inject({ url: callback, headers: { host: 'nobody.localhost:3000' } })).statusCode).toBe(404);
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example', '/a\r\nb'])(
    'never leads to %j',
    async (returnTo) => {
      comes('mina');
      expect(await browser().signIn(returnTo)).toBe('/');
    },
  );

  it('carries PKCE, state and nonce, and a strict cookie comes of it', async () => {
    comes('mina');
    const started = await app.inject({ url: '/v1/auth/oidc/start', headers: { host: hostOf(tenant) } });
    const url = new URL(String(started.headers.location));
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `http://${hostOf(tenant)}/v1/auth/oidc/callback`,
      state: expect.stringMatching(/.{40,}/),
      nonce: expect.stringMatching(/.{40,}/),
    });
    expect(String(started.headers['set-cookie'])).toMatch(
      /^maru_sign_in=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const mine = browser();
    const ended = await mine.visit(await mine.throughProvider());
    const session = [ended.headers['set-cookie']].flat().find((cookie) => cookie?.startsWith('maru_session='));
    expect(session).toMatch(/HttpOnly; SameSite=Strict/);
  });
});

describe('GET /v1/auth/sign-in-methods', () => {
  it('shows the button on the tenant’s own host and by its slug, and to nobody else', async () => {
    const get = async (url: string, host = '127.0.0.1:3000') => (await app.inject({ url, headers: { host } })).json();
    const offer = { label: 'SSO', url: `http://${hostOf(tenant)}/v1/auth/oidc/start` };
    const at = '/v1/auth/sign-in-methods';
    expect(await get(at, hostOf(tenant))).toEqual({ object: 'sign_in_methods', oidc: offer });
    expect((await get(`${at}?tenant=${tenant.slug}`)).oidc).toEqual(offer);
    const other = await tenantWithMember(app);
    for (const [url, host] of [
      [at, '127.0.0.1:3000'],
      [`${at}?tenant=${other.slug}`, undefined],
      [`${at}?tenant=${tenant.slug}`, hostOf(other)],
      [`${at}?tenant=nobody`, undefined],
    ] as const) {
      expect(await get(url, host)).toEqual({ object: 'sign_in_methods', oidc: null });
    }
    await setUp({ ...RULES, enabled: false });
    expect((await get(at, hostOf(tenant))).oidc).toBeNull();
    const start = await app.inject({ url: '/v1/auth/oidc/start', headers: { host: hostOf(tenant) } });
    expect(start.headers.location).toBe('/login?sso=unavailable');
  });
});

describe('the settings', () => {
  it('are seen and changed by owners alone, and never show the secret', async () => {
    const shown = await owner.call('GET', '/v1/tenant/oidc');
    expect(shown.body).toEqual({
      object: 'oidc_provider',
      issuer: issuer.issuer,
      clientId: 'maru',
      label: 'SSO',
      ...RULES,
      trustedEmailDomains: [],
      enabled: true,
      redirectUris: [`http://${hostOf(tenant)}/v1/auth/oidc/callback`],
      updatedAt: expect.any(String),
    });
    const [row] = await sql<{ secret: Buffer }>('select client_secret as secret from maru.oidc_providers');
    expect(row!.secret.toString('latin1')).not.toContain(issuer.client.client_secret);
    for (const role of ['admin', 'developer', 'viewer'] as const) {
      const member = await newPerson(app, tenant.tenantId, role);
      expect((await member.call('GET', '/v1/tenant/oidc')).status).toBe(403);
      expect((await setUp(RULES, member)).status).toBe(403);
      expect((await member.call('DELETE', '/v1/tenant/oidc')).status).toBe(403);
    }
    const foreign = await newPerson(app, (await tenantWithMember(app)).tenantId, 'owner');
    expect((await foreign.call('GET', '/v1/tenant/oidc')).status).toBe(404);
    const log = await query<{ text: string }>(
      `select before::text || after::text as text from maru.audit_events where tenant_id = $1 and action = 'oidc_provider.changed'`,
      [tenant.tenantId],
    );
    expect(log.length).toBeGreaterThan(0);
    expect(JSON.stringify(log)).not.toContain(issuer.client.client_secret);
  });

  it('keep the secret when none is given, but take it to no other provider', async () => {
    const kept = { issuer: issuer.issuer, clientId: 'maru', label: 'Hanbit ID', ...RULES };
    expect(await owner.call('PUT', '/v1/tenant/oidc', kept)).toMatchObject({
      status: 200,
      body: { label: 'Hanbit ID' },
    });
    comes('mina');
    expect(await browser().signIn()).toBe('/');
    const elsewhere = { ...kept, issuer: 'https://login.elsewhere.example' };
    expect(await owner.call('PUT', '/v1/tenant/oidc', elsewhere)).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/clientSecret', code: 'required' }] },
    });
  });

  it.each([
    [{ issuer: 'http://127.0.0.1:1' }, 'unsafe-url'],
    [{ issuer: 'https://10.0.0.1' }, 'unsafe-url'],
    [{ issuer: 'https://login.invalid' }, 'unsafe-url'],
    [{ allowedDomains: [] }, 'validation-failed'],
    [{ allowedDomains: ['Not A Domain'] }, 'validation-failed'],
    [{ defaultRole: 'owner' }, 'validation-failed'],
  ])('refuse %j', async (part, code) => {
    expect((await setUp({ ...RULES, ...part })).body).toMatchObject({ code });
  });

  it('are of a provider that answers as one', async () => {
    expect((await setUp({ ...RULES, issuer: gone })).body).toMatchObject({
      errors: [{ pointer: '/issuer', code: 'no_provider' }],
    });
  });

  it('take If-Match, and can be removed', async () => {
    const { headers } = await owner.call('GET', '/v1/tenant/oidc');
    const put = (etag: unknown) =>
      app.inject({
        method: 'PUT',
        url: '/v1/tenant/oidc',
        headers: { authorization: `Bearer ${owner.token}`, 'if-match': String(etag) },
        payload: { issuer: issuer.issuer, clientId: 'maru', ...RULES },
      });
    expect((await put(headers['etag'])).statusCode).toBe(200);
    expect((await put(headers['etag'])).statusCode).toBe(412);
    expect((await owner.call('DELETE', '/v1/tenant/oidc')).status).toBe(204);
    expect((await owner.call('DELETE', '/v1/tenant/oidc')).status).toBe(404);
    expect((await auditedActions(app, tenant.tenantId)).at(-1)).toBe('oidc_provider.removed');
  });

  it('outlive a new key of the tenant', async () => {
    const [db, box, keys] = [TenantDb, SecretBox, TenantKeys].map((part) => app.get(part, { strict: false })) as [
      TenantDb,
      SecretBox,
      TenantKeys,
    ];
    const rotation = new SecretRotation(db, box, keys, SEALED);
    expect(await rotation.rotateDataKey(tenant.tenantId)).toMatchObject({ valuesResealed: 1 });
    comes('mina');
    expect(await browser().signIn()).toBe('/');
  });
});

/** A member with a password in the tenant of these tests. */
async function tenantMember(email: string): Promise<{ slug: string; email: string }> {
  const other = await tenantWithMember(app);
  const [{ hash }] = (await query<{ hash: string }>('select password_hash as hash from maru.members where id = $1', [
    other.memberId,
  ])) as [{ hash: string }];
  const person = await newPerson(app, tenant.tenantId, 'viewer');
  await query('update maru.members set email = $2, password_hash = $3 where id = $1', [person.memberId, email, hash]);
  return { slug: tenant.slug, email };
}

/** Turns the second factor on. @returns its secret, base 32 */
async function withFactor(member: { slug: string; email: string }): Promise<string> {
  const { accessToken } = await signIn(app, member);
  const call = <T>(url: string, body: object) => callAs<T>(app, accessToken, 'POST', url, body);
  const started = await call<{ secret: string }>('/v1/me/second-factor', { currentPassword: PASSWORD });
  const { secret } = started.body;
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() - 30_000 });
  expect((await call('/v1/me/second-factor/confirm', { code })).status).toBe(200);
  return secret;
}
