import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AdminModule } from '../../src/admin/admin.module.js';
import { newUuid } from '../../src/common/ids.js';
import { UnitPrices } from '../../src/usage/unit-prices.js';
import { httpApp } from '../support/http-app.js';
import { query } from '../support/job-fixtures.js';
import { maru, printed } from '../support/maru-command.js';
import { OPERATOR, SignedIn } from '../support/signed-in.js';

@Module({ providers: [{ provide: APP_GUARD, useClass: SignedIn }] })
class SignedInModule {}

const LIMITS = { requests: 100, key: 50, submit: 20, daily: 1_000, gpu: 60_000, stored: 1_000_000 };
const DAY_MS = 86_400_000;
const name = `plan-${newUuid().slice(-8)}`;
let app: NestFastifyApplication;
beforeAll(async () => {
  SignedIn.as = OPERATOR;
  app = await httpApp(AdminModule, SignedInModule);
});
afterAll(() => app.close());

const put = (plan: string, limits: object) =>
  app.inject({ method: 'PUT', url: `/v1/admin/plans/${plan}`, payload: { limits } });
const price = (plan: string, payload: object) =>
  app.inject({ method: 'POST', url: `/v1/admin/plans/${plan}/prices`, payload });
const trail = () =>
  query<{ action: string; after: object }>(
    `select action, after from maru.audit_events where target_type = 'plan' and target_id = $1 order by id`,
    [name],
  );

it('makes a plan with all its limits, and changes some of them', async () => {
  const incomplete = await put(name, { daily: 5 });
  expect(incomplete.statusCode).toBe(422);
  expect(incomplete.json().errors).toContainEqual(
    expect.objectContaining({ pointer: '/limits/stored', code: 'required' }),
  );
  const made = await put(name, LIMITS);
  expect([made.statusCode, made.json()]).toEqual([
    200,
    { object: 'plan', name, limits: LIMITS, unitPrice: null, prices: [], tenants: 0 },
  ]);
  expect((await put(name, { daily: 0 })).json().limits).toEqual({ ...LIMITS, daily: 0 });
  expect(await trail()).toEqual([
    { action: 'plan.created', after: { limits: expect.arrayContaining([{ name: 'key', limit: 50 }]) } },
    { action: 'plan.changed', after: { limits: expect.arrayContaining([{ name: 'daily', limit: 0 }]) } },
  ]);
});

it.each([
  ['a name that is none', 'Big%20Plan', LIMITS, '/name'],
  ['a negative limit', name, { daily: -1 }, '/limits/daily'],
  ['half a job', name, { daily: 0.5 }, '/limits/daily'],
  ['a limit that there is not', name, { moons: 3 }, '/limits/moons'],
])('refuses %s', async (_, plan, limits, pointer) => {
  const refused = await put(plan, limits);
  expect([refused.statusCode, refused.json().errors[0].pointer]).toEqual([422, pointer]);
});

it('adds prices, which hold for whoever has the plan', async () => {
  const later = new Date(Date.now() + DAY_MS).toISOString();
  expect((await price(name, { unitPrice: '12.50', currency: 'KRW' })).statusCode).toBe(200);
  const added = await price(name, { unitPrice: '15', currency: 'KRW', validFrom: later });
  expect(added.json()).toMatchObject({
    unitPrice: { value: '12.5', currency: 'KRW' },
    prices: [{ unitPrice: { value: '12.5' } }, { validFrom: later, unitPrice: { value: '15' } }],
  });
  const tenant = await app.inject({
    method: 'POST',
    url: '/v1/admin/tenants',
    payload: { slug: `t${newUuid().slice(-8)}`, name: 'Priced', plan: name },
  });
  expect(tenant.statusCode).toBe(201);
  const [{ id = '' } = {}] = await query<{ id: string }>('select id from maru.tenants where slug = $1', [
    tenant.json().slug,
  ]);
  expect(await app.get(UnitPrices, { strict: false }).amountOf(id, 2)).toEqual({ value: '25', currency: 'KRW' });
  const listed = (await app.inject('/v1/admin/plans')).json().data.find((plan: { name: string }) => plan.name === name);
  expect(listed).toMatchObject({ tenants: 1, unitPrice: { value: '12.5' } });
});

it('never changes what was billed', async () => {
  const past = await price(name, { unitPrice: '1', currency: 'KRW', validFrom: '2026-01-01T00:00:00Z' });
  expect([past.statusCode, past.json().errors[0].code]).toEqual([422, 'in_the_past']);
  const later = new Date(Date.now() + 2 * DAY_MS).toISOString();
  expect((await price(name, { unitPrice: '1', currency: 'KRW', validFrom: later })).statusCode).toBe(200);
  expect((await price(name, { unitPrice: '2', currency: 'KRW', validFrom: later })).statusCode).toBe(409);
  expect((await price('nobodys-plan', { unitPrice: '1', currency: 'KRW' })).statusCode).toBe(404);
  for (const wrong of [{ unitPrice: 1 }, { unitPrice: '-1' }, { unitPrice: '1', currency: 'won' }]) {
    expect((await price(name, { currency: 'KRW', ...wrong })).statusCode).toBe(422);
  }
});

it('is done by commands too', async () => {
  const own = `${name}-b`;
  const words = Object.entries(LIMITS).flatMap(([limit, quota]) => [`--${limit}`, String(quota)]);
  expect(printed(await maru('plan', 'set', own, ...words))).toMatchObject({ name: own, limits: LIMITS });
  const priced = printed(await maru('plan', 'price', own, '--unit-price', '0.25', '--currency', 'USD'));
  expect(priced).toMatchObject({ unitPrice: { value: '0.25', currency: 'USD' } });
  const wrong = await maru('plan', 'set', own, '--daily', 'many');
  expect([wrong.code, wrong.error]).toEqual([1, expect.stringContaining('--daily')]);
  expect((await maru('plan', 'list')).code).toBe(0);
});
