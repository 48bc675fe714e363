import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccessTokens } from '../../src/auth/access-tokens.js';
import { ApiKeys } from '../../src/auth/api-keys.service.js';
import { Principals } from '../../src/auth/principals.js';
import { SigningKeyRing } from '../../src/auth/signing-key-ring.js';
import { SigningKeyTimes } from '../../src/auth/signing-key-times.js';
import { newUuid } from '../../src/common/ids.js';
import { PlatformPool } from '../../src/database/role-pool.js';
import { authApp, newOperator, setTenantStatus, signIn } from '../support/auth-app.js';
import { callAs, newPerson, newTenant } from '../support/tenant-people.js';

type Part = Record<string, unknown>;
type Kind = 'member' | 'machine' | 'impersonator' | 'operator';

let app: NestFastifyApplication;
let tenantId: string;
let otherClaims: Part;
let privatePem: string;
const tokens = new Map<Kind, string>();

beforeAll(async () => {
  app = await authApp();
  tenantId = await newTenant(app);
  tokens.set('member', (await newPerson(app, tenantId, 'owner')).token);
  const { id } = await app.get(ApiKeys, { strict: false }).issue(tenantId, { name: 'k', scopes: ['jobs:read'] });
  const key = { id, tenantId, scopes: ['jobs:read'] as const };
  tokens.set('machine', await app.get(AccessTokens, { strict: false }).issueToMachine(key));
  const operator = (await signIn(app, await newOperator(app))).accessToken;
  tokens.set('operator', operator);
  const wanted = {
    tenantId: String(decoded(tokens.get('member')!)[1]['tenant']),
    reason: 'to look',
    expiresInMinutes: 15,
  };
  const started = await callAs<{ accessToken: string }>(app, operator, 'POST', '/v1/admin/impersonations', wanted);
  tokens.set('impersonator', started.body.accessToken);
  otherClaims = decoded((await newPerson(app, await newTenant(app), 'owner')).token)[1];
  ({ privatePem } = await app.get(SigningKeyRing, { strict: false }).signingKey());
});
afterAll(() => app.close());

const encoded = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decoded = (token: string) =>
  token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Part) as [Part, Part];

/** A token as somebody would make it who has the right key. */
function forged(kind: Kind, header: Part, claims: Part, encoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): string {
  const [h, c] = decoded(tokens.get(kind)!);
  const text = `${encoded({ ...h, ...header })}.${encoded({ ...c, ...claims })}`;
  return `${text}.${sign('sha256', Buffer.from(text), { key: privatePem, dsaEncoding: encoding }).toString('base64url')}`;
}

const me = async (token: string, headers: Record<string, string> = {}) =>
  (await app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${token}`, ...headers } })).statusCode;

const KINDS: Kind[] = ['member', 'machine', 'impersonator', 'operator'];
const now = () => Math.floor(Date.now() / 1_000);

/** What no token may have, whoever it was given to. */
const wrongClaims = (): Part[] => [
  { exp: undefined },
  { exp: null },
  { exp: '9999999999' },
  { exp: now() },
  { exp: now() - 3_600 },
  { nbf: now() + 60 },
  { nbf: 'soon' },
  { iss: undefined },
  { iss: 'http://127.0.0.1:3001' },
  { aud: undefined },
  { aud: 'maru' },
  { aud: '' },
  { aud: ['maru-api', 'maru-console'] },
  { sub: undefined },
  { sub: '' },
  { sub: otherClaims['sub'] },
  { sub: 'job_01m8323e5reaxrt2ryy9phpt8y' },
  { ver: undefined },
  { ver: '1' },
  { ver: -1, sid: newUuid() },
  { sid: otherClaims['sid'] },
  { sid: newUuid() },
  { sid: '' },
  { sid: 7 },
  { tenant: otherClaims['tenant'] },
  { tenant: 'ten_01m8323e5rfaqba79afy7192zq' },
  { tenant: tenantId },
  { tenant: '' },
  { tenant: null },
];

const wrongHeaders: Part[] = [
  { alg: 'es256' },
  { alg: 'ES256K' },
  { alg: 'RS256' },
  { alg: ['ES256'] },
  { typ: 'at+JWT' },
  { typ: 'application/at+jwt' },
  { typ: 'refresh+jwt' },
  { kid: '' },
  { kid: ['x'] },
  { kid: '../../../dev/null' },
  { kid: "' or 1=1 --" },
  { jku: '' },
  { x5c: [] },
  { x5u: 'http://127.0.0.1/' },
  { crit: [] },
  {
    jwk: createPublicKey(
      generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }),
    ).export({ format: 'jwk' }),
  },
];

describe.each(KINDS)('a token of a %s', (kind) => {
  it('is good as it is, so that the refusals mean something', async () => {
    expect(await me(forged(kind, {}, {}))).toBe(200);
  });

  it('is refused with a claim that no such token has', async () => {
    for (const claims of wrongClaims()) expect([claims, await me(forged(kind, {}, claims))]).toEqual([claims, 401]);
  });

  it('is refused with a header that no such token has', async () => {
    for (const header of wrongHeaders) expect([header, await me(forged(kind, header, {}))]).toEqual([header, 401]);
  });

  it('is refused with another signature', async () => {
    const [head, body, signature = ''] = tokens.get(kind)!.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const flipped = Buffer.from(bytes.map((byte, i) => (i === 5 ? byte ^ 1 : byte)));
    const zero = Buffer.alloc(64);
    const other = tokens.get(kind === 'member' ? 'machine' : 'member')!.split('.')[2]!;
    for (const wrong of [
      '',
      flipped.toString('base64url'),
      zero.toString('base64url'),
      signature.slice(0, 40),
      other,
    ]) {
      expect([wrong, await me(`${head}.${body}.${wrong}`)]).toEqual([wrong, 401]);
    }
    expect(await me(forged(kind, {}, {}, 'der'))).toBe(401);
    const [, claims] = decoded(tokens.get(kind)!);
    expect(await me(`${head}.${encoded({ ...claims, scope: 'platform:manage' })}.${signature}`)).toBe(401);
  });

  it('is good in the header alone', async () => {
    const token = tokens.get(kind)!;
    const places = [
      { url: `/v1/me?access_token=${token}` },
      { url: '/v1/me', headers: { cookie: `maru_session=${token}`, host: '127.0.0.1:3000' } },
      { url: '/v1/me', headers: { authorization: token } },
      { url: '/v1/me', headers: { authorization: `Basic ${token}` } },
      { url: '/v1/me', headers: { authorization: `Bearer  ${token}` } },
      { url: '/v1/me', headers: { authorization: `Bearer ${token}, Bearer ${token}` } },
      { url: '/v1/me', headers: { 'x-access-token': token } },
    ];
    for (const place of places) expect([place, (await app.inject(place)).statusCode]).toEqual([place, 401]);
  });
});

describe('audiences', () => {
  it('are not exchanged: a tenant’s token is no operator’s, and the reverse', async () => {
    expect(await me(forged('member', {}, { aud: 'maru-console' }))).toBe(401);
    expect(await me(forged('member', {}, { aud: 'maru-console', tenant: undefined }))).toBe(401);
    expect(await me(forged('machine', {}, { aud: 'maru-console', tenant: undefined }))).toBe(401);
    expect(await me(forged('impersonator', {}, { aud: 'maru-console', tenant: undefined }))).toBe(401);
    expect(await me(forged('operator', {}, { aud: 'maru-api' }))).toBe(401);
    expect(await me(forged('operator', {}, { aud: 'maru-api', tenant: otherClaims['tenant'] }))).toBe(401);
  });
});

describe('a suspended tenant', () => {
  it('is told so for a good token, and nothing for a bad one', async () => {
    await setTenantStatus(app, tenantId, 'suspended');
    app.get(Principals, { strict: false }).forget(); // what 5 s would do
    for (const kind of ['member', 'machine', 'impersonator'] as const) {
      expect([kind, await me(forged(kind, {}, {}))]).toEqual([kind, 403]);
      expect([kind, await me(forged(kind, {}, { exp: now() - 1 }))]).toEqual([kind, 401]);
      expect([kind, await me(forged(kind, { kid: 'unknown' }, {}))]).toEqual([kind, 401]);
    }
    expect(await me(forged('operator', {}, {}))).toBe(200);
    await setTenantStatus(app, tenantId, 'active');
    app.get(Principals, { strict: false }).forget();
    expect(await me(forged('member', {}, {}))).toBe(200);
  });
});

describe('a retired key', () => {
  it('verifies no more once every token of its has ended', async () => {
    const pool = app.get(PlatformPool, { strict: false });
    const { retainMs } = app.get(SigningKeyTimes, { strict: false });
    const token = forged('member', {}, {});
    await pool.query(
      `update maru.signing_keys set state = 'retired', retired_at = now() - ($1 + 1000) * interval '1 ms' where state = 'current'`,
      [retainMs],
    );
    await pool.query(`update maru.signing_keys set state = 'current' where state = 'next'`);
    const second = await authApp();
    const answer = await second.inject({ url: '/v1/me', headers: { authorization: `Bearer ${token}` } });
    expect(answer.statusCode).toBe(401);
    await second.close();
  });
});
