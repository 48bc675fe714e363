import { createHmac, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Principals } from '../../src/auth/principals.js';
import { SigningKeyRing } from '../../src/auth/signing-key-ring.js';
import { PlatformPool } from '../../src/database/role-pool.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp, newOperator, signIn, tenantWithMember, type TestMember } from '../support/auth-app.js';

type Part = Record<string, unknown>;

let app: NestFastifyApplication;
let member: TestMember;
let header: Part;
let claims: Part;
let privatePem: string;
beforeAll(async () => {
  app = await authApp();
  member = await tenantWithMember(app);
  [header, claims] = decode((await signIn(app, member)).accessToken);
  ({ privatePem } = await app.get(SigningKeyRing, { strict: false }).signingKey());
});
afterAll(() => app.close());

const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url');
const decode = (token: string) =>
  token.split('.', 2).map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Part) as [Part, Part];

/** A token as an attacker would make it, who may even have the right key. */
function forge(headerPart: Part, claimsPart: Part, key: string | KeyObject = privatePem): string {
  const text = `${encode({ ...header, ...headerPart })}.${encode({ ...claims, ...claimsPart })}`;
  const signature = sign('sha256', Buffer.from(text), { key: key as string, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

const status = async (token: string) =>
  (await app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${token}` } })).statusCode;
const kidOf = async (state: string) =>
  (
    await app
      .get(PlatformPool, { strict: false })
      .query<{ kid: string }>('select kid from maru.signing_keys where state = $1', [state])
  ).rows[0]!.kid;

describe('access tokens', () => {
  it('have the shape of RFC 9068', async () => {
    expect(header).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: await kidOf('current') });
    expect(claims).toMatchObject({ iss: 'http://127.0.0.1:3000', aud: 'maru-api', client_id: 'maru-portal', ver: 1 });
    expect(claims.sub).toMatch(/^mem_/);
    expect(claims.tenant).toMatch(/^ten_/);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(300);
    expect(await status(forge({}, {}))).toBe(200); // the forger works, so the refusals below mean something
  });

  it('are refused with a wrong header', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const jwk = stranger.publicKey.export({ format: 'jwk' });
    const headers: Part[] = [
      { typ: 'JWT' },
      { typ: undefined },
      { kid: undefined },
      { kid: 'unknown' },
      { kid: await kidOf('next') },
      { jku: 'https://evil.example/jwks.json' },
      { jwk },
      { x5u: 'https://evil.example/cert' },
      { crit: ['b64'], b64: false },
      { alg: 'ES384' },
    ];
    for (const wrong of headers) expect([wrong, await status(forge(wrong, {}))]).toEqual([wrong, 401]);
    expect(await status(forge({}, {}, stranger.privateKey))).toBe(401);
    expect(await status(forge({ jwk }, {}, stranger.privateKey))).toBe(401);
  });

  it('are refused unsigned, and signed with the public key as an HMAC secret', async () => {
    for (const alg of ['none', 'None', 'NONE']) {
      expect(await status(`${encode({ ...header, alg })}.${encode(claims)}.`)).toBe(401);
    }
    const publicPem = createPublicKey(privatePem).export({ type: 'spki', format: 'pem' });
    for (const alg of ['HS256', 'ES256']) {
      const text = `${encode({ ...header, alg })}.${encode(claims)}`;
      expect(await status(`${text}.${createHmac('sha256', publicPem).update(text).digest('base64url')}`)).toBe(401);
    }
  });

  it('are refused with wrong claims', async () => {
    const now = Math.floor(Date.now() / 1000);
    const operator = await newOperator(app);
    const [, operatorClaims] = decode((await signIn(app, operator)).accessToken);
    const other = await tenantWithMember(app);
    const [, otherClaims] = decode((await signIn(app, other)).accessToken);
    const wrongs: Part[] = [
      { aud: 'other-api' },
      { aud: 'maru-console' },
      { aud: ['maru-api', 'maru-console'] },
      { iss: 'https://evil.example' },
      { exp: now - 1 },
      { nbf: now + 3600 },
      { tenant: otherClaims.tenant },
      { tenant: undefined },
      { sub: otherClaims.sub },
      { sid: otherClaims.sid },
      { sid: "x' or true" },
      { ver: 0 },
      { ver: '1' },
      { ...operatorClaims, aud: 'maru-api' },
      { ...operatorClaims, tenant: claims.tenant },
      { sid: undefined },
      { sid: undefined, aud: 'maru-console', tenant: undefined },
      { sid: undefined, sub: 'key_01m8323e5reaxrt2ryy9phpt8y' },
      { sub: 'key_01m8323e5reaxrt2ryy9phpt8y' },
      { sub: 'opr_01m8323e5reaxrt2ryy9phpt8y' },
    ];
    for (const wrong of wrongs) expect([wrong, await status(forge({}, wrong))]).toEqual([wrong, 401]);
  });

  it.each(['', 'a', 'a.b.c', '..', 'e30.e30.', 'eyJhbGciOiJFUzI1NiJ9', '"', '%00', 'x'.repeat(5000)])(
    'is not %j',
    async (text) => {
      const answer = await app.inject({ url: '/v1/me', headers: { authorization: `Bearer ${text}` } });
      expect(answer.statusCode).toBe(401);
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="maru", error="invalid_token"');
    },
  );

  it('are refused once the version of the member is raised', async () => {
    const { accessToken } = await signIn(app, member);
    expect(await status(accessToken)).toBe(200);
    await app.get(TenantDb, { strict: false }).one(member.tenantId, { text: 'update maru.members set ver = ver + 1' });
    app.get(Principals, { strict: false }).forget(); // what 5 s would do
    expect(await status(accessToken)).toBe(401);
    expect(await status((await signIn(app, member)).accessToken)).toBe(200);
  });
});

describe('signing keys', () => {
  it('are published, current and next, without private parts', async () => {
    const answer = await app.inject({ url: '/.well-known/jwks.json' });
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
    const { keys } = answer.json<{ keys: Part[] }>();
    expect(new Set(keys.map((k) => k.kid))).toEqual(new Set([await kidOf('current'), await kidOf('next')]));
    for (const key of keys) {
      expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']);
    }
  });

  it('verify after they retired', async () => {
    const { accessToken } = await signIn(app, await tenantWithMember(app));
    const pool = app.get(PlatformPool, { strict: false });
    await pool.query(`update maru.signing_keys set state = 'retired', retired_at = now() where state = 'current'`);
    await pool.query(`update maru.signing_keys set state = 'current' where state = 'next'`);
    const second = await authApp();
    const call = { url: '/v1/me', headers: { authorization: `Bearer ${accessToken}` } };
    expect((await second.inject(call)).statusCode).toBe(200);
    await second.close();
  });

  it('lie sealed in the database, readable by two roles only', async () => {
    const { rows } = await app
      .get(PlatformPool, { strict: false })
      .query<{ sealed: Buffer }>('select private_sealed as sealed from maru.signing_keys');
    for (const { sealed } of rows) expect(sealed.toString('latin1')).not.toContain('PRIVATE KEY');
    const asTenant = app
      .get(TenantDb, { strict: false })
      .one(member.tenantId, { text: 'select * from maru.signing_keys' });
    await expect(asTenant).rejects.toMatchObject({ code: '42501' });
  });
});
