import { randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoginThrottle } from '../../src/auth/login-throttle.js';
import { NIL_TENANT } from '../../src/auth/opaque-token.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { authApp, PASSWORD, tenantWithMember } from '../support/auth-app.js';

/** Four processes on one database. */
let apps: NestFastifyApplication[];
beforeAll(async () => {
  apps = [];
  for (let i = 0; i < 4; i++) apps.push(await authApp());
});
afterAll(() => Promise.all(apps.map((app) => app.close())));

const throttle = (i = 0) => apps[i % 4]!.get(LoginThrottle, { strict: false });
const sql = <R extends object>(text: string) => apps[0]!.get(TenantDb, { strict: false }).one<R>(NIL_TENANT, { text });
const someone = () => ({ realm: NIL_TENANT, tenantSlug: null, email: `${randomUUID()}@example.com` });
const isOpen = (who: ReturnType<typeof someone>, address: string | null, i = 0) =>
  throttle(i)
    .requireOpen(who, address)
    .then(
      () => true,
      () => false,
    );

describe('the throttle of sign-ins', () => {
  it('counts the failures of an account over all processes', async () => {
    const who = someone();
    for (let i = 0; i < 4; i++) await throttle(i).settle(who, false);
    for (let i = 0; i < 4; i++) expect(await isOpen(who, null, i)).toBe(true);
    await throttle(1).settle(who, false);
    for (let i = 0; i < 4; i++) expect(await isOpen(who, null, i)).toBe(false);
  });

  it('counts exactly, however many fail at the same time', async () => {
    const who = someone();
    await Promise.all(Array.from({ length: 80 }, (_, i) => throttle(i).settle(who, false, `198.51.100.${i}`)));
    const rows = await sql<{ failures: number }>(
      'select failures from maru.login_failures order by failures desc limit 1',
    );
    expect(rows[0]!.failures).toBe(80);
  });

  it('stops an address that tries account after account, and no other one', async () => {
    const address = '203.0.113.50';
    for (let i = 0; i < 49; i++) await throttle(i).settle(someone(), false, address);
    expect(await isOpen(someone(), address)).toBe(true);
    await throttle().settle(someone(), false, address);
    for (let i = 0; i < 4; i++) expect(await isOpen(someone(), address, i)).toBe(false);
    expect(await isOpen(someone(), '203.0.113.51')).toBe(true);
    await throttle().settle(someone(), true, address); // a thief has an account of his own
    expect(await isOpen(someone(), address)).toBe(false);
  });

  it('takes a /64 of IPv6, and the mapped form of an IPv4 address, for one address', async () => {
    for (let i = 0; i < 50; i++) await throttle(i).settle(someone(), false, `2001:db8:1:2:${i.toString(16)}::1`);
    expect(await isOpen(someone(), '2001:0DB8:0001:0002:ffff:ffff:ffff:ffff')).toBe(false);
    expect(await isOpen(someone(), '2001:db8:1:2::')).toBe(false);
    expect(await isOpen(someone(), '2001:db8:1:3::1')).toBe(true);
    expect(await isOpen(someone(), '2001:db8:1::1')).toBe(true);
    for (let i = 0; i < 50; i++) await throttle(i).settle(someone(), false, '::ffff:192.0.2.77');
    expect(await isOpen(someone(), '192.0.2.77')).toBe(false);
    expect(await isOpen(someone(), '::ffff:192.0.2.78')).toBe(true);
  });

  it('stands before the sign-in itself', async () => {
    const member = await tenantWithMember(apps[0]!);
    const from = (remoteAddress: string, i: number) =>
      apps[i]!.inject({
        method: 'POST',
        url: '/v1/auth/login',
        remoteAddress,
        payload: { tenant: member.slug, email: member.email, password: PASSWORD },
      });
    for (let i = 0; i < 50; i++) await throttle(i).settle(someone(), false, '192.0.2.200');
    await sql(
      `update maru.login_failures set blocked_until = blocked_until + interval '1 minute' where blocked_until is not null`,
    );
    const blocked = await from('192.0.2.200', 3);
    expect([blocked.statusCode, Number(blocked.headers['retry-after']) > 0]).toEqual([429, true]);
    expect((await from('192.0.2.201', 2)).statusCode).toBe(200);
  });
});
