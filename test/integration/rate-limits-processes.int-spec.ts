import type { TestingModule } from '@nestjs/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { newUuid } from '../../src/common/ids.js';
import { LimitExceededError } from '../../src/http/quota-exceeded.error.js';
import { LeasedLimiter } from '../../src/usage/limits/leased-limiter.js';
import { LimitsModule } from '../../src/usage/limits/limits.module.js';
import { QuotaLeaseRepository } from '../../src/usage/limits/quota-lease.repository.js';
import { databaseModule } from '../support/database-module.js';
import { query } from '../support/job-fixtures.js';

const PROCESSES = 4;
const modules: TestingModule[] = [];
afterEach(async () => {
  for (const module of modules.splice(0)) await module.close();
});

/** Each has its own pools, as a process of its own has. */
async function limiters(): Promise<LeasedLimiter[]> {
  for (let i = 0; i < PROCESSES; i++) modules.push(await databaseModule(LimitsModule));
  return modules.map((module) => module.get(LeasedLimiter, { strict: false }));
}

async function tenantWith(quota: number, name = 'daily'): Promise<string> {
  const tenant = newUuid();
  await query(`insert into maru.tenant_quotas (tenant_id, name, quota, reason) values ($1, $2, $3, 'test')`, [
    tenant,
    name,
    quota,
  ]);
  return tenant;
}

async function admitted(limiter: LeasedLimiter, tenant: string, tries: number, atOnce = 20): Promise<number> {
  let count = 0;
  const one = async (): Promise<void> => {
    try {
      await limiter.take(tenant, [{ name: 'daily' }]);
      count++;
    } catch (error) {
      if (!(error instanceof LimitExceededError)) throw error;
    }
  };
  for (let i = 0; i < tries; i += atOnce) await Promise.all(Array.from({ length: Math.min(atOnce, tries - i) }, one));
  return count;
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const takenOf = async (tenant: string) =>
  (
    await query<{ taken: number }>('select taken::float8 as taken from maru.quota_windows where tenant_id = $1', [
      tenant,
    ])
  )[0]!.taken;

describe('four processes on one database', () => {
  it.each([
    ['all alike', 10_000, [5_000, 5_000, 5_000, 5_000]],
    ['a small limit', 100, [60, 60, 60, 60]],
    ['one of them alone', 2_000, [3_000, 0, 0, 0]],
    ['three that come once and stay idle', 2_000, [1, 1, 1, 4_000]],
    ['one after the other has begun', 1_000, [400, 30, 200, 5_000]],
    ['a limit of zero', 0, [10, 10, 10, 10]],
  ])('admit a limit and not one more: %s', async (_name, quota, tries) => {
    const all = await limiters();
    const tenant = await tenantWith(quota);
    const counts: number[] = [];
    const idleFirst = tries.filter((n) => n > 0 && n < 10).length === 3;
    if (idleFirst) for (const [i, limiter] of all.entries()) counts.push(await admitted(limiter, tenant, tries[i]!));
    else counts.push(...(await Promise.all(all.map((limiter, i) => admitted(limiter, tenant, tries[i]!)))));
    const total = sum(counts);
    console.log(`limit ${quota}, tries ${tries.join('+')}: admitted ${counts.join('+')} = ${total}`);
    expect(total).toBeLessThanOrEqual(quota);
    expect(total).toBeGreaterThanOrEqual(quota * 0.98);
    expect(await takenOf(tenant)).toBeLessThanOrEqual(quota);
  });

  it('take nothing of one limit when another is used up', async () => {
    const [limiter] = await limiters();
    const tenant = await tenantWith(3);
    const charges = [{ name: 'submit' }, { name: 'daily' }] as const;
    for (let i = 0; i < 3; i++) await limiter!.take(tenant, charges);
    for (let i = 0; i < 5; i++) await expect(limiter!.take(tenant, charges)).rejects.toThrow(LimitExceededError);
    const [submit] = await limiter!.take(tenant, [{ name: 'submit' }]);
    expect(submit!.quota - submit!.left!).toBe(4);
  });

  it('ask the database seldom', async () => {
    const [limiter] = await limiters();
    const tenant = await tenantWith(100_000);
    const repository = modules[0]!.get(QuotaLeaseRepository, { strict: false });
    const lease = repository.lease.bind(repository);
    let statements = 0;
    repository.lease = (...args) => {
      statements++;
      return lease(...args);
    };
    expect(await admitted(limiter!, tenant, 20_000)).toBe(20_000);
    console.log(`20,000 requests: ${statements} statements`);
    expect(statements).toBeLessThan(100);
  });

  it('give back what they hold when they stop', async () => {
    await limiters();
    const tenant = await tenantWith(1_000);
    await modules[0]!.get(LeasedLimiter, { strict: false }).take(tenant, [{ name: 'daily' }]);
    expect(await takenOf(tenant)).toBe(5);
    await modules.shift()!.close();
    expect(await takenOf(tenant)).toBe(1);
  });

  it('see a raised limit, and one that expires', async () => {
    const [limiter] = await limiters();
    const tenant = await tenantWith(2);
    expect(await admitted(limiter!, tenant, 5)).toBe(2);
    await query('update maru.tenant_quotas set quota = 4 where tenant_id = $1', [tenant]);
    await expect.poll(() => admitted(limiter!, tenant, 1), { timeout: 10_000, interval: 50 }).toBe(1);
    await query(`update maru.tenant_quotas set expires_at = now() where tenant_id = $1`, [tenant]);
    await expect.poll(() => admitted(limiter!, tenant, 20), { timeout: 10_000, interval: 50 }).toBe(20);
  });
});
