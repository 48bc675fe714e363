import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/audit/audit-trail.js';
import { SigningKeyRing } from '../../src/auth/signing-key-ring.js';
import { SigningKeyRotation } from '../../src/auth/signing-key-rotation.js';
import { SigningKeyTimes } from '../../src/auth/signing-key-times.js';
import { PlatformPool } from '../../src/database/role-pool.js';
import { authApp, newOperator, signIn } from '../support/auth-app.js';
import { callAs, newPerson, newTenant } from '../support/tenant-people.js';

/** Two API processes on one database, with the clockwork some 50 times as fast; a busy machine may stand still for a second. */
let apps: [NestFastifyApplication, NestFastifyApplication];
beforeAll(async () => {
  apps = [await authApp(), await authApp()];
  for (const app of apps) {
    Object.assign(app.get(SigningKeyTimes, { strict: false }), {
      refreshMs: 300,
      unknownKidMs: 100,
      settleMs: 1_500,
      publishMs: 1_600,
    });
  }
});
afterAll(() => Promise.all(apps.map((app) => app.close())));

const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()) as { kid: string }).kid;
const rotation = () => apps[0].get(SigningKeyRotation, { strict: false });
const signingKid = async (app: NestFastifyApplication) =>
  (await app.get(SigningKeyRing, { strict: false }).signingKey()).kid;
const states = async () => {
  const text = `select state, count(*)::int as n from maru.signing_keys group by state order by state`;
  return (await apps[0].get(PlatformPool, { strict: false }).query(text)).rows;
};
const rotateWhenAllowed = async () => {
  await expect
    .poll(
      () =>
        rotation()
          .rotate(SYSTEM_ACTOR)
          .then(
            () => 'done',
            (e: Error) => e.message,
          ),
      { timeout: 10_000 },
    )
    .toBe('done');
};

describe('rotation of signing keys', () => {
  it('fails no request of any process while tokens are made and used all the time', async () => {
    const tenantId = await newTenant(apps[0]);
    const refused: string[] = [];
    const signedBy = new Set<string>();
    const counts = { requests: 0, tokens: 0 };
    let isOver = false;

    for (const app of apps) {
      const { token } = await newPerson(app, tenantId, 'viewer'); // the first makes the first keys
      await expect.poll(async () => (await callAs(app, token, 'GET', '/v1/me')).status, { timeout: 5_000 }).toBe(200);
    }

    const client = async (from: number) => {
      const person = await newPerson(apps[from]!, tenantId, 'viewer');
      const opened = await callAs<{ accessToken: string }>(apps[from]!, person.token, 'GET', '/v1/me');
      expect(opened.status).toBe(200);
      while (!isOver) {
        const { token } = await newPerson(apps[from]!, tenantId, 'viewer'); // fresh from this process
        counts.tokens++;
        signedBy.add(kidOf(token));
        for (const app of [apps[1 - from]!, apps[from]!]) {
          const { status } = await callAs(app, token, 'GET', '/v1/me'); // used at the other one at once
          counts.requests++;
          if (status !== 200) refused.push(`${status} by key ${kidOf(token)}`);
        }
      }
    };
    const load = [client(0), client(1), client(0), client(1)];
    for (let round = 0; round < 4; round++) {
      await rotateWhenAllowed();
      const { rows } = await apps[0]
        .get(PlatformPool, { strict: false })
        .query(`select kid from maru.signing_keys where state = 'current'`);
      const { kid } = rows[0] as { kid: string };
      await expect
        .poll(async () => [await signingKid(apps[0]), await signingKid(apps[1])], { timeout: 10_000 })
        .toEqual([kid, kid]);
    }
    isOver = true;
    await Promise.all(load);
    expect(refused).toEqual([]);
    expect(signedBy.size).toBeGreaterThanOrEqual(4);
    expect(counts.requests).toBeGreaterThan(50);
    expect(await states()).toEqual([
      { state: 'current', n: 1 },
      { state: 'next', n: 1 },
      { state: 'retired', n: 4 },
    ]);
  });

  it('publishes every key before it signs: the JWKS always has the key of a token', async () => {
    for (let round = 0; round < 2; round++) {
      const { token } = await newPerson(apps[0], await newTenant(apps[0]), 'viewer');
      const jwks = await callAs<{ keys: { kid: string }[] }>(apps[1], null, 'GET', '/.well-known/jwks.json');
      expect(jwks.body.keys.map((key) => key.kid)).toContain(kidOf(token));
      await rotateWhenAllowed();
    }
  });

  it('is refused until the next key was published long enough, and happens once for two who ask', async () => {
    await rotateWhenAllowed();
    const operator = await signIn(apps[0], await newOperator(apps[0]));
    const ask = () => callAs(apps[0], operator.accessToken, 'POST', '/v1/admin/signing-keys/rotate', {});
    Object.assign(apps[0].get(SigningKeyTimes, { strict: false }), { publishMs: 600_000 });
    expect(await ask()).toMatchObject({ status: 409, body: { code: 'invalid-state-transition', retryable: true } });
    await apps[0]
      .get(PlatformPool, { strict: false })
      .query(`update maru.signing_keys set created_at = now() - interval '1 day' where state = 'next'`);
    const answers = await Promise.all([ask(), ask()]);
    expect(answers.map((a) => a.status).sort()).toEqual([200, 409]);
    const { token } = await newPerson(apps[0], await newTenant(apps[0]), 'owner');
    expect((await callAs(apps[0], token, 'POST', '/v1/admin/signing-keys/rotate', {})).status).toBe(403);
  });

  it('happens by itself when the key is 30 days old, and deletes what retired a day ago', async () => {
    const pool = apps[0].get(PlatformPool, { strict: false });
    expect(await rotation().run()).toEqual({ rotated: false, deleted: 0 });
    await pool.query(`update maru.signing_keys set activated_at = now() - interval '31 days' where state = 'current'`);
    expect((await rotation().run()).rotated).toBe(false); // the next one is new
    await pool.query(`update maru.signing_keys set created_at = now() - interval '1 day' where state = 'next'`);
    await pool.query(`update maru.signing_keys set retired_at = now() - interval '25 hours' where state = 'retired'`);
    const { rotated, deleted } = await rotation().run();
    expect([rotated, deleted > 0]).toEqual([true, true]);
    expect(await states()).toEqual([
      { state: 'current', n: 1 },
      { state: 'next', n: 1 },
      { state: 'retired', n: 1 },
    ]);
    expect((await rotation().run()).rotated).toBe(false);
  });

  it('after a compromise ends every token, and sessions go on', async () => {
    const operator = await newOperator(apps[0]);
    const tokens = await signIn(apps[0], operator);
    const answer = await callAs(apps[0], tokens.accessToken, 'POST', '/v1/admin/signing-keys/rotate', {
      compromised: true,
    });
    expect(answer).toMatchObject({ status: 200, body: { retired: null } });
    for (const app of apps) {
      await expect.poll(async () => (await callAs(app, tokens.accessToken, 'GET', '/v1/me')).status).toBe(401);
      await expect.poll(() => signingKid(app)).toBe(answer.body.current);
    }
    const renewed = await callAs<{ accessToken: string }>(apps[1], null, 'POST', '/v1/auth/refresh', {
      refreshToken: tokens.refreshToken,
    });
    expect(renewed.status).toBe(200);
    expect((await callAs(apps[0], renewed.body.accessToken, 'GET', '/v1/me')).status).toBe(200);
    const { rows } = await apps[0]
      .get(PlatformPool, { strict: false })
      .query(
        `select distinct action from maru.audit_events where tenant_id = '00000000-0000-0000-0000-000000000000' order by action`,
      );
    expect(rows).toEqual([{ action: 'signing_key.compromised' }, { action: 'signing_key.rotated' }]);
  });
});
