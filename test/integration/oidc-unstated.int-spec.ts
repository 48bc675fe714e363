import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authApp, type TestMember, tenantWithMember } from '../support/auth-app.js';
import { query } from '../support/job-fixtures.js';
import { OidcBrowser } from '../support/oidc-browser.js';
import { OidcIssuer } from '../support/oidc-issuer.js';
import { auditedActions, newPerson, type Person } from '../support/tenant-people.js';

let app: NestFastifyApplication;
let issuer: OidcIssuer;
/** Where nobody answers. */
let gone: string;
let tenant: TestMember;
let owner: Person;

const TRUSTING = { trustedEmailDomains: ['hanbit.example'] };
const MEMBERS = { allowedDomains: ['hanbit.example'], createMembers: true };
const callback = () => `http://${tenant.slug}.localhost:3000/v1/auth/oidc/callback`;
const setUp = (rules: object) => {
  const { client_id: clientId, client_secret: clientSecret } = issuer.client;
  return owner.call('PUT', '/v1/tenant/oidc', { issuer: issuer.issuer, clientId, clientSecret, ...MEMBERS, ...rules });
};
const browser = () => new OidcBrowser(app, `${tenant.slug}.localhost:3000`);

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
});
afterAll(async () => {
  await app.close();
  await issuer.stop();
});
beforeEach(() => {
  issuer.userInfo = {};
  issuer.register([callback()], { saysVerified: false });
});

describe('a provider that does not say whether addresses are verified', () => {
  it('brings nobody in until an owner trusts the domain', async () => {
    issuer.person = { sub: 'mina', email: 'Mina@hanbit.example', name: 'Mina' };
    await setUp({});
    const first = browser();
    expect(await first.signIn()).toBe('/login?sso=unstated');
    expect(await first.me()).toBe(401);
    expect((await auditedActions(app, tenant.tenantId)).at(-1)).toBe('member.sign_in_refused');
    await setUp(TRUSTING);
    const second = browser();
    expect(await second.signIn()).toBe('/');
    expect(await second.me()).toMatchObject({ email: 'mina@hanbit.example', name: 'Mina' });
  });

  it('does so with id tokens that name the address, too', async () => {
    issuer.register([callback()], { saysVerified: false, tellsInIdToken: true });
    issuer.person = { sub: 'jun', email: 'jun@hanbit.example' };
    await setUp({});
    expect(await browser().signIn()).toBe('/login?sso=unstated');
    await setUp(TRUSTING);
    expect(await browser().signIn()).toBe('/');
  });

  it.each(['eve@other.example', 'eve@mail.hanbit.example', 'eve@hanbit.example.evil.example', 'eve@nothanbit.example'])(
    'does not bring in %s',
    async (email) => {
      issuer.person = { sub: 'eve', email };
      await setUp({ ...TRUSTING, allowedDomains: [], createMembers: false });
      const guest = browser();
      expect(await guest.signIn()).toBe('/login?sso=unstated');
      expect(await guest.me()).toBe(401);
    },
  );

  it('brings in nobody of a domain that may not come in', async () => {
    issuer.person = { sub: 'eve', email: 'eve@partner.example' };
    await setUp({ trustedEmailDomains: ['partner.example'] });
    expect(await browser().signIn()).toBe('/login?sso=domain');
  });
});

describe('a provider that says that an address is not verified', () => {
  it('is believed, whatever is trusted', async () => {
    issuer.register([callback()]);
    issuer.person = { sub: 'eve', email: 'eve@hanbit.example', email_verified: false };
    await setUp(TRUSTING);
    const guest = browser();
    expect(await guest.signIn()).toBe('/login?sso=unverified');
    expect(await guest.me()).toBe(401);
  });

  it('is believed when only its userinfo endpoint says so', async () => {
    issuer.register([callback()], { tellsInIdToken: true });
    issuer.person = { sub: 'eve', email: 'eve@hanbit.example' };
    issuer.userInfo = { email_verified: false };
    await setUp(TRUSTING);
    expect(await browser().signIn()).toBe('/login?sso=unverified');
    issuer.userInfo = { email_verified: true, email: 'somebody@hanbit.example' };
    await setUp({});
    expect(await browser().signIn()).toBe('/login?sso=unstated');
  });
});

describe('trustedEmailDomains', () => {
  it('are shown, and audited before and after', async () => {
    await setUp(TRUSTING);
    await setUp({ trustedEmailDomains: ['xn--xx3br43b.kr', 'hanbit.co.kr'] });
    const shown = await owner.call('GET', '/v1/tenant/oidc');
    expect(shown.body).toMatchObject({ trustedEmailDomains: ['xn--xx3br43b.kr', 'hanbit.co.kr'] });
    const log = await query<{ before: object; after: object }>(
      `select before, after from maru.audit_events where tenant_id = $1 and action = 'oidc_provider.changed' order by id`,
      [tenant.tenantId],
    );
    expect(log.at(-1)).toMatchObject({
      before: TRUSTING,
      after: { trustedEmailDomains: ['xn--xx3br43b.kr', 'hanbit.co.kr'] },
    });
    expect((await setUp({})).body).toMatchObject({ trustedEmailDomains: [] });
  });

  it.each([
    [['com']],
    [['co.kr']],
    [['Hanbit.example']],
    [['한빛.kr']],
    [['mina@hanbit.example']],
    [['hanbit.example', 'hanbit.example']],
    [['hanbit.example', 7]],
    ['hanbit.example'],
    [Array.from({ length: 21 }, (_, i) => `d${i}.example`)],
  ])('are not %j', async (trustedEmailDomains) => {
    const { status, body } = await setUp({ trustedEmailDomains });
    expect(status).toBe(422);
    expect(body).toMatchObject({
      code: 'validation-failed',
      errors: expect.arrayContaining([expect.objectContaining({ pointer: '/trustedEmailDomains' })]),
    });
  });
});

describe('an issuer that is tested', () => {
  const test = (url: string, as = owner) => as.call('POST', '/v1/tenant/oidc/test', { issuer: url });

  it('tells whether it can be used, and whether it speaks of verified addresses', async () => {
    const ok = { object: 'oidc_provider_test', ok: true, fault: null, detail: null, issuer: issuer.issuer };
    expect(await test(issuer.issuer)).toMatchObject({ status: 200, body: { ...ok, sendsEmailVerified: false } });
    issuer.register([callback()]);
    expect((await test(issuer.issuer)).body).toEqual({ ...ok, sendsEmailVerified: true });
    expect((await test(gone)).body).toEqual({
      object: 'oidc_provider_test',
      ok: false,
      fault: 'unreachable',
      detail: expect.stringContaining('Nothing answers'),
      issuer: null,
      sendsEmailVerified: null,
    });
  });

  it('is one outside, and asked for owners alone', async () => {
    expect((await test('https://10.0.0.1')).body).toMatchObject({ code: 'unsafe-url' });
    const admin = await newPerson(app, tenant.tenantId, 'admin');
    expect((await test(issuer.issuer, admin)).status).toBe(403);
  });

  it('is not asked while it is turned off', async () => {
    expect((await setUp({ issuer: gone, enabled: false })).status).toBe(200);
    expect(await setUp({ issuer: gone })).toMatchObject({
      status: 422,
      body: {
        errors: [{ pointer: '/issuer', code: 'no_provider', message: expect.stringContaining('Nothing answers') }],
      },
    });
  });

  it('needs addresses that are known before', async () => {
    await owner.call('DELETE', '/v1/tenant/oidc');
    const known = await owner.call('GET', '/v1/tenant/oidc/redirect-uris');
    expect(known).toMatchObject({ status: 200, body: { object: 'list', data: [callback()] } });
  });
});
