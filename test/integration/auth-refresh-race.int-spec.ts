import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/audit/audit-trail.js';
import { Sessions } from '../../src/auth/sessions.service.js';
import type { Subject } from '../../src/auth/subject.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp, setTenantStatus, signIn, tenantWithMember } from '../support/auth-app.js';

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await authApp();
});
afterAll(() => app.close());

const TRIALS = 1_000;

const refresh = (refreshToken: string) =>
  app.inject({ method: 'POST', url: '/v1/auth/refresh', payload: { refreshToken } });
const sql = <R extends object>(tenantId: string, text: string) =>
  app.get(TenantDb, { strict: false }).one<R>(tenantId, { text });
const count = async (tenantId: string, what: string) =>
  (await sql<{ n: number }>(tenantId, `select count(*)::int as n from ${what}`))[0]!.n;

/** `work` for every item, 20 at a time, in the order of the items. */
async function inLanes<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += 20) {
    results.push(...(await Promise.all(items.slice(at, at + 20).map(work))));
  }
  return results;
}

describe('refresh tokens under attack', () => {
  it('give a hundred simultaneous uses of one token the same single successor', async () => {
    const member = await tenantWithMember(app);
    const { refreshToken } = await signIn(app, member);
    const answers = await Promise.all(Array.from({ length: 100 }, () => refresh(refreshToken)));
    expect(answers.map((a) => a.statusCode)).toEqual(Array.from({ length: 100 }, () => 200));
    expect(new Set(answers.map((a) => a.json<{ refreshToken: string }>().refreshToken)).size).toBe(1);
    expect(await count(member.tenantId, 'maru.refresh_tokens')).toBe(2);
    expect(await count(member.tenantId, 'maru.sessions where revoked_at is null')).toBe(1);
  });

  it(`end the session at each of ${TRIALS} replays after the grace, whatever else is going on`, async () => {
    const { tenantId } = await tenantWithMember(app);
    const sessions = app.get(Sessions, { strict: false });
    const who = { kind: 'member', tenantId, role: 'viewer', ver: 1, isActive: true, isTenantSuspended: false } as const;
    const subjects: Subject[] = Array.from({ length: TRIALS }, () => ({ ...who, id: randomUUID() }));
    const parents = await inLanes(subjects, (subject) => sessions.open('refresh', subject));
    const children = await inLanes(parents, ({ token }) => sessions.refresh(token, SYSTEM_ACTOR));
    await sql(tenantId, `update maru.refresh_tokens set used_at = used_at - interval '11 s' where used_at is not null`);
    expect(await count(tenantId, 'maru.sessions where revoked_at is null')).toBe(TRIALS);

    const replay = (token: string) =>
      sessions.refresh(token, SYSTEM_ACTOR).then(
        () => 'good',
        () => 'refused',
      );
    const all = (answer: string) => Array.from({ length: TRIALS }, () => answer);
    expect(await inLanes(parents, ({ token }) => replay(token))).toEqual(all('refused'));
    expect(await count(tenantId, `maru.sessions where revoked_reason = 'reuse'`)).toBe(TRIALS);
    expect(await inLanes(children, ({ token }) => replay(token))).toEqual(all('refused'));
    expect(await count(tenantId, `maru.audit_events where action = 'session.reuse_detected'`)).toBe(TRIALS);
  }, 180_000);

  it('leave at most one live token when a thief and the owner race for it after the grace', async () => {
    const member = await tenantWithMember(app);
    const { refreshToken } = await signIn(app, member);
    const child = (await refresh(refreshToken)).json<{ refreshToken: string }>().refreshToken;
    await sql(member.tenantId, `update maru.refresh_tokens set used_at = used_at - interval '11 s'`);
    const race = Array.from({ length: 40 }, (_, i) => refresh(i % 2 === 0 ? refreshToken : child));
    const parents = (await Promise.all(race)).filter((_, i) => i % 2 === 0);
    expect(new Set(parents.map((a) => a.statusCode))).toEqual(new Set([401]));
    expect((await refresh(child)).statusCode).toBe(401);
    expect(await count(member.tenantId, 'maru.sessions where revoked_at is null')).toBe(0);
    expect(await count(member.tenantId, 'maru.refresh_tokens')).toBeLessThanOrEqual(3);
  });

  it('are not used up by a refusal: a tenant that is resumed goes on with the same token', async () => {
    const member = await tenantWithMember(app);
    const { refreshToken } = await signIn(app, member);
    await setTenantStatus(app, member.tenantId, 'suspended');
    expect((await refresh(refreshToken)).json()).toMatchObject({ status: 403, code: 'tenant-suspended' });
    expect(await count(member.tenantId, 'maru.refresh_tokens where used_at is not null')).toBe(0);
    await setTenantStatus(app, member.tenantId, 'active');
    expect((await refresh(refreshToken)).statusCode).toBe(200);
  });
});
