import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SessionCleanerModule } from '../../src/auth/sessions/session-cleaner.module.js';
import { SessionCleaner } from '../../src/auth/sessions/session-cleaner.js';
import { AuthModule } from '../../src/auth/auth.module.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { adminQuery } from '../support/admin-query.js';
import { httpApp } from '../support/http-app.js';
import { newPerson, newTenant } from '../support/tenant-people.js';

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await httpApp(AuthModule, SessionCleanerModule);
});
afterAll(() => app.close());

const count = async (tenantId: string, table: string) =>
  (await app.get(TenantDb, { strict: false }).one(tenantId, { text: `select from maru.${table}` })).length;

it('removes sessions and links of every tenant that are long over, with their refresh tokens, and no other', async () => {
  const tenants = [await newTenant(app), await newTenant(app)];
  for (const tenantId of tenants) {
    const owner = await newPerson(app, tenantId, 'owner');
    const [expired, revoked] = [await newPerson(app, tenantId, 'viewer'), await newPerson(app, tenantId, 'viewer')];
    for (const email of ['old@example.com', 'new@example.com']) {
      await owner.call('POST', '/v1/members', { email, name: 'X', role: 'viewer' });
    }
    await adminQuery(
      process.env.DATABASE_URL!,
      `update maru.sessions set expires_at = now() - interval '8 days' where subject_id = '${expired.memberId}'`,
      `update maru.sessions set revoked_at = now() - interval '31 days', revoked_reason = 'reuse' where subject_id = '${revoked.memberId}'`,
      `update maru.account_tokens t set expires_at = now() - interval '8 days' from maru.members m
         where m.tenant_id = t.tenant_id and m.id = t.member_id and m.email = 'old@example.com'`,
    );
  }
  const cleaner = app.get(SessionCleaner, { strict: false });
  expect(await cleaner.run()).toEqual({ sessions: 4, links: 2 });
  for (const tenantId of tenants) {
    expect(await count(tenantId, 'sessions')).toBe(1);
    expect(await count(tenantId, 'refresh_tokens')).toBe(1);
    expect(await count(tenantId, 'account_tokens')).toBe(1);
  }
  expect(await cleaner.run()).toEqual({ sessions: 0, links: 0 });
});
