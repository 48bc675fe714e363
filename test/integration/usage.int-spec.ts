import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newUuid, publicId } from '../../src/common/ids.js';
import { LimitExceededError } from '../../src/http/quota-exceeded.error.js';
import { GpuBudget } from '../../src/usage/gpu-budget.js';
import { UsageApiModule } from '../../src/usage/usage-api.module.js';
import { UsageReconciliation } from '../../src/usage/usage-reconciliation.js';
import { UsageRollup } from '../../src/usage/usage-rollup.js';
import { UsageRollupModule } from '../../src/usage/usage-rollup.module.js';
import { httpApp } from '../support/http-app.js';
import { query } from '../support/job-fixtures.js';
import { endedJob } from '../support/ended-jobs.js';
import { memberOf, SignedIn } from '../support/signed-in.js';

@Module({ providers: [{ provide: APP_GUARD, useClass: SignedIn }] })
class SignedInModule {}

const KEY = publicId('apiKey', newUuid());
const MEMBER = publicId('member', newUuid());
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
let app: NestFastifyApplication;
beforeAll(async () => {
  app = await httpApp(UsageApiModule, UsageRollupModule, SignedInModule);
});
afterAll(() => app.close());
/** The tests write entries of the past, which nobody does once their hour was added up. */
beforeEach(() => query(`with d as (delete from maru.usage_hours) update maru.usage_rollup set through = '2020-01-01'`));

const get = (url: string, accept = 'application/json') => app.inject({ method: 'GET', url, headers: { accept } });
const roll = () => app.get(UsageRollup, { strict: false }).run();
const ago = (ms: number) => new Date(Date.now() - ms);
const day = (at: Date) => at.toISOString().slice(0, 10);

/** A tenant with usage of two days, two analyzers and two principals; its member is signed in. */
async function usedTenant(): Promise<string> {
  const tenant = newUuid();
  SignedIn.as = memberOf(tenant, 'analyst');
  const jobs = [
    { at: ago(50 * HOUR_MS), analyzer: 'digit-reader', by: KEY, deviceUs: 1_400 },
    { at: ago(26 * HOUR_MS), analyzer: 'digit-reader', by: KEY, deviceUs: 1_400 },
    { at: ago(26 * HOUR_MS), analyzer: 'signal-anomaly', by: KEY, deviceUs: 1_400 },
    { at: ago(2 * MINUTE_MS), analyzer: 'digit-reader', by: MEMBER, deviceUs: 1_400 },
    { at: ago(0), analyzer: 'digit-reader', by: KEY, deviceUs: 1_400, units: 0 },
  ];
  for (const job of jobs) await endedJob(tenant, job);
  return tenant;
}

describe('GET /v1/usage', () => {
  it('is the same before and after the sums by the hour, at any time in between', async () => {
    await usedTenant();
    const before = (await get('/v1/usage?groupBy=analyzer,api_key')).json();
    expect(before.totals).toEqual({ jobs: 5, units: 4, deviceMs: 7, amount: null });
    expect(before.data).toHaveLength(5);
    await roll();
    expect((await get('/v1/usage?groupBy=analyzer,api_key')).json()).toEqual({
      ...before,
      ledgerThrough: expect.any(String),
    });
    await roll();
    expect((await get('/v1/usage?groupBy=analyzer,api_key')).json().data).toEqual(before.data);
    const [rollup] = await query<{ through: Date }>('select through from maru.usage_rollup');
    expect(rollup!.through.getTime()).toBeGreaterThan(Date.now() - 3 * MINUTE_MS);
  });

  it('groups by day, hour, analyzer and key', async () => {
    await usedTenant();
    const whole = (await get('/v1/usage')).json();
    expect(whole).toMatchObject({ object: 'usage', bucket: 'day', groupBy: [] });
    expect(whole.data[0]).toEqual({
      start: day(ago(50 * HOUR_MS)),
      analyzer: null,
      apiKeyId: null,
      jobs: 1,
      units: 1,
      deviceMs: 1,
      amount: null,
    });
    const byAnalyzer = (await get('/v1/usage?groupBy=analyzer')).json().data as {
      start: string;
      analyzer: string;
      jobs: number;
    }[];
    expect(
      byAnalyzer.filter((row) => row.start === day(ago(26 * HOUR_MS))).map((row) => [row.analyzer, row.jobs]),
    ).toEqual([
      ['digit-reader', 1],
      ['signal-anomaly', 1],
    ]);
    const byKey = (await get('/v1/usage?groupBy=api_key')).json().data as { apiKeyId: string }[];
    expect(new Set(byKey.map((row) => row.apiKeyId))).toEqual(new Set([KEY, MEMBER]));
    const hourly = (await get(`/v1/usage?bucket=hour&from=${ago(30 * HOUR_MS).toISOString()}`)).json();
    expect(hourly.data[0].start).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/);
    expect(hourly.totals.jobs).toBe(4);
  });

  it('refuses a range that it cannot answer', async () => {
    SignedIn.as = memberOf(newUuid(), 'analyst');
    for (const bad of [
      'from=2026-02-01&to=2026-01-01',
      'bucket=hour&from=2020-01-01',
      'bucket=week',
      'groupBy=tenant',
      'from=x',
      'until=1',
    ]) {
      expect([bad, (await get(`/v1/usage?${bad}`)).statusCode]).toEqual([bad, 400]);
    }
    expect((await get('/v1/usage')).json().totals).toEqual({ jobs: 0, units: 0, deviceMs: 0, amount: null });
  });

  it('is CSV on request', async () => {
    await usedTenant();
    const csv = await get('/v1/usage?groupBy=analyzer', 'text/csv');
    expect(csv.headers['content-disposition']).toBe('attachment; filename="usage.csv"');
    expect(csv.body.split('\r\n')[0]).toBe('start,analyzer,apiKeyId,jobs,units,deviceMs,amount,currency');
    expect(csv.body).toContain(`${day(ago(50 * HOUR_MS))},digit-reader,,1,1,1,,`);
  });
});

describe('prices', () => {
  it('are those of the plan that the tenant had when the job ended', async () => {
    const tenant = newUuid();
    SignedIn.as = memberOf(tenant, 'analyst');
    const plan = `p${tenant.slice(-6)}`;
    await query('insert into maru.plans (name) values ($1)', [plan]);
    await query('insert into maru.tenant_plans (tenant_id, plan, valid_from) values ($1, $2, $3)', [
      tenant,
      plan,
      ago(40 * HOUR_MS),
    ]);
    const price = (from: Date, unit: string) =>
      query(`insert into maru.plan_prices (plan, valid_from, unit_price, currency) values ($1, $2, $3, 'KRW')`, [
        plan,
        from,
        unit,
      ]);
    await price(ago(90 * HOUR_MS), '10.5');
    await price(ago(10 * HOUR_MS), '0.000001');
    for (const hours of [50, 30, 20, 5]) await endedJob(tenant, { at: ago(hours * HOUR_MS) });
    const before = (await get('/v1/usage')).json();
    expect(before.totals.amount).toEqual({ value: '21.000001', currency: 'KRW' });
    await roll();
    expect((await get('/v1/usage')).json().totals).toEqual(before.totals);
    const amounts = ((await get('/v1/usage/ledger')).json().data as { amount: object | null }[]).map(
      (entry) => entry.amount,
    );
    expect(amounts).toEqual([
      { value: '0.000001', currency: 'KRW' },
      { value: '10.5', currency: 'KRW' },
      { value: '10.5', currency: 'KRW' },
      null,
    ]);
  });
});

describe('GET /v1/usage/ledger', () => {
  it('pages through every entry once, and sums to the usage', async () => {
    const tenant = newUuid();
    SignedIn.as = memberOf(tenant, 'analyst');
    for (let i = 0; i < 7; i++) await endedJob(tenant, { at: ago(i * HOUR_MS), deviceUs: 1_000 * (i + 1) });
    const entries: { key: string; deviceMs: number }[] = [];
    for (let token = ''; ;) {
      const page = (await get(`/v1/usage/ledger?limit=3${token}`)).json();
      entries.push(...page.data);
      if (!page.nextPageToken) break;
      token = `&pageToken=${page.nextPageToken}`;
    }
    expect(entries).toHaveLength(7);
    expect(new Set(entries.map((entry) => entry.key)).size).toBe(7);
    expect(entries[0]!.key).toMatch(/^job_[0-9a-z]{26}\/1\/infer$/);
    const usage = (await get('/v1/usage')).json();
    expect(usage.totals.deviceMs).toBe(entries.reduce((sum, entry) => sum + entry.deviceMs, 0));
    const csv = await get('/v1/usage/ledger', 'text/csv');
    expect(csv.body.trimEnd().split('\r\n')).toHaveLength(8);
    const later = (await get(`/v1/usage/ledger?from=${ago(150 * MINUTE_MS).toISOString()}`)).json();
    expect(later.data).toHaveLength(3);
  });
});

describe('GET /v1/quotas', () => {
  it('lists limits with their source, use and forecast', async () => {
    const tenant = await usedTenant();
    await query(
      `insert into maru.tenant_quotas (tenant_id, name, quota, reason, expires_at) values ($1, 'gpu', 2, 'trial', now() + interval '1 day'), ($1, 'daily', 7, 'old', now())`,
      [tenant],
    );
    const { data } = (await get('/v1/quotas')).json() as { data: { name: string }[] };
    expect(data.map((quota) => quota.name)).toEqual(['requests', 'key', 'submit', 'daily', 'gpu', 'stored']);
    expect(data[3]).toMatchObject({ object: 'quota', limit: 100_000_000, current: 0, source: 'default', reason: null });
    expect(data[4]).toMatchObject({
      limit: 2,
      source: 'override',
      reason: 'trial',
      resetsAt: expect.stringMatching(/T00:00:00\.000Z$/),
    });
    expect(data[5]).toMatchObject({ resetsAt: null, forecastExhaustedAt: null });
  });

  it('device time that is used up refuses further jobs', async () => {
    const tenant = newUuid();
    const budget = app.get(GpuBudget, { strict: false });
    await query(`insert into maru.tenant_quotas (tenant_id, name, quota, reason) values ($1, 'gpu', 100, 'x')`, [
      tenant,
    ]);
    await endedJob(tenant, { at: ago(0), deviceUs: 100_000 });
    await expect(budget.assertLeft(tenant)).rejects.toThrow(LimitExceededError);
    await budget.assertLeft(newUuid());
  });
});

describe('reconciliation', () => {
  const compare = (tenant: string) =>
    app.get(UsageReconciliation, { strict: false }).compare(tenant, ago(100 * HOUR_MS), new Date());

  it('finds ledger, ends, receipts and sums in agreement', async () => {
    const tenant = await usedTenant();
    await roll();
    expect(await compare(tenant)).toEqual({ entries: 5, units: 4, deviceUs: 7_000, faults: [] });
  });

  it.each([
    ['missing_entry', 'delete from maru.usage_ledger where tenant_id = $1 and job_id = $2'],
    ['entry_differs', 'update maru.usage_ledger set units = 2 where tenant_id = $1 and job_id = $2'],
    ['entry_without_end', 'delete from maru.job_ends where tenant_id = $1 and id = $2'],
    ['missing_receipt', `update maru.job_ends set log = null where tenant_id = $1 and id = $2`],
  ])('tells of %s', async (kind, statement) => {
    const tenant = newUuid();
    await endedJob(tenant, { at: ago(HOUR_MS) });
    const job = await endedJob(tenant, { at: ago(2 * HOUR_MS) });
    await query(statement, [tenant, job]);
    const { faults } = await compare(tenant);
    expect(faults).toContainEqual({ kind, jobId: publicId('job', job) });
  });

  it('tells of sums that were changed', async () => {
    const tenant = await usedTenant();
    await roll();
    await query('update maru.usage_hours set units = units + 1 where tenant_id = $1 and analyzer = $2', [
      tenant,
      'signal-anomaly',
    ]);
    expect((await compare(tenant)).faults).toEqual([{ kind: 'rollup_differs', jobId: null }]);
  });
});
