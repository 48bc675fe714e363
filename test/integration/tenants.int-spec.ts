import { createHash } from 'node:crypto';
import { SYSTEM_ACTOR } from '../../src/audit/audit-trail.js';
import type { TestingModule } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NotFoundError, ValidationFailedError } from '../../src/common/domain-error.js';
import { newUuid } from '../../src/common/ids.js';
import { AuthPool, PlatformPool, WorkerPool } from '../../src/database/role-pool.js';
import { TenantDb } from '../../src/database/tenant-db.js';
import { PlatformTenants } from '../../src/tenants/platform-tenants.js';
import { TenantDirectory } from '../../src/tenants/tenant-directory.js';
import { TenantOnboarding } from '../../src/tenants/tenant-onboarding.js';
import { TenantAlreadyExistsError } from '../../src/tenants/tenants.errors.js';
import { TenantsModule } from '../../src/tenants/tenants.module.js';
import { TenantsService } from '../../src/tenants/tenants.service.js';
import { databaseModule } from '../support/database-module.js';

const CSS = ':root{--accent:#fee500}';
const BRAND = { doc: { schema: 1 }, css: CSS, cssSha256: createHash('sha256').update(CSS).digest('hex') };

let module: TestingModule;
let onboarding: TenantOnboarding;
let directory: TenantDirectory;
let platform: PlatformTenants;
let hanbit: string;
let narae: string;

beforeAll(async () => {
  module = await databaseModule(TenantsModule);
  onboarding = module.get(TenantOnboarding);
  directory = module.get(TenantDirectory);
  platform = module.get(PlatformTenants);
  hanbit = await onboarding.create({ slug: 'hanbit', name: 'Hanbit', weight: 2, brand: BRAND });
  narae = await onboarding.create({ slug: 'narae', name: 'Narae' });
});
afterAll(() => module.close());

describe('TenantOnboarding', () => {
  it('makes a tenant with its host and its first brand', async () => {
    expect(await module.get(TenantsService).get(hanbit)).toEqual({
      id: hanbit,
      slug: 'hanbit',
      name: 'Hanbit',
      status: 'active',
      weight: 2,
      locales: { enabled: ['ko', 'en'], default: 'ko' },
      hosts: ['hanbit.localhost'],
      createdAt: expect.any(Date),
    });
  });

  it('refuses a taken slug and leaves nothing behind', async () => {
    const again = onboarding.create({ slug: 'hanbit', name: 'Another' });
    await expect(again).rejects.toThrow(TenantAlreadyExistsError);
    await expect(again).rejects.toMatchObject({ code: 'already-exists' });
    expect((await platform.list(50)).map((t) => t.id)).toEqual([hanbit, narae]);
  });

  it('names every fault of a bad request', async () => {
    const bad = onboarding.create({ slug: '1-x', name: ' ', weight: 101, locales: { enabled: ['ko'], default: 'en' } });
    await expect(bad).rejects.toThrow(ValidationFailedError);
    await expect(bad).rejects.toMatchObject({
      errors: ['/slug', '/name', '/weight', '/locales/default'].map((pointer) => expect.objectContaining({ pointer })),
    });
  });

  it('lists in the order of creation, page by page', async () => {
    expect((await platform.list(1)).map((t) => t.slug)).toEqual(['hanbit']);
    expect((await platform.list(1, hanbit)).map((t) => t.slug)).toEqual(['narae']);
    expect(await platform.list(1, narae)).toEqual([]);
  });
});

describe('TenantDirectory', () => {
  it('finds a tenant by host and by slug', async () => {
    const expected = { id: hanbit, slug: 'hanbit', name: 'Hanbit', status: 'active', brand: { version: 1, ...BRAND } };
    expect(await directory.byHost('HANBIT.localhost:3000')).toEqual(expected);
    expect(await directory.bySlug('hanbit')).toEqual(expected);
    expect(await directory.byId(hanbit)).toEqual(expected);
    expect((await directory.bySlug('narae'))?.brand).toBeNull();
  });

  it('knows no other host, slug or id', async () => {
    expect(await directory.byHost('localhost:3000')).toBeNull();
    expect(await directory.byHost(`${'x'.repeat(300)}.localhost`)).toBeNull();
    expect(await directory.bySlug('Hanbit')).toBeNull();
    expect(await directory.byId(newUuid())).toBeNull();
  });

  it('ignores a host until it is verified', async () => {
    const pool = module.get(PlatformPool);
    await pool.query(`insert into maru.tenant_domains (tenant_id, hostname) values ($1, 'inspect.example.com')`, [
      narae,
    ]);
    expect(await directory.byHost('inspect.example.com')).toBeNull();
    await pool.query(`update maru.tenant_domains set status = 'active' where hostname = 'inspect.example.com'`);
    directory.forget();
    expect((await directory.byHost('inspect.example.com'))?.id).toBe(narae);
  });
});

describe('PlatformTenants', () => {
  it('suspends and resumes, seen by the directory at once', async () => {
    expect((await directory.bySlug('narae'))?.status).toBe('active');
    expect((await platform.suspend(narae, 'unpaid', SYSTEM_ACTOR)).status).toBe('suspended');
    expect((await directory.bySlug('narae'))?.status).toBe('suspended');
    expect((await directory.bySlug('hanbit'))?.status).toBe('active');
    expect((await platform.resume(narae, SYSTEM_ACTOR)).status).toBe('active');
    expect((await directory.byId(narae))?.status).toBe('active');
    await expect(platform.suspend(newUuid(), 'x', SYSTEM_ACTOR)).rejects.toThrow(NotFoundError);
  });
});

describe('walls between tenants', () => {
  it('a tenant reads and changes itself only', async () => {
    const db = module.get(TenantDb);
    expect(await db.run(hanbit, (m) => m.query('select id from maru.tenants'))).toEqual([{ id: hanbit }]);
    const rename = `update maru.tenants set name = 'Mine' where id = $1`;
    expect(await db.run(hanbit, (m) => m.query(rename, [narae]))).toEqual([[], 0]);
    await expect(db.run(narae, () => module.get(TenantsService).get(hanbit))).rejects.toMatchObject({
      code: 'internal-error',
    });
    await expect(module.get(TenantsService).get(newUuid())).rejects.toThrow(NotFoundError);
  });

  it.each([
    ['its weight', 'update maru.tenants set weight = 100 where id = $1'],
    ['its status', `update maru.tenants set status = 'active' where id = $1`],
    ['its slug', `update maru.tenants set slug = 'other' where id = $1`],
    ['the verification of a host', `update maru.tenant_domains set status = 'active' where tenant_id = $1`],
    [
      'a verified host',
      `insert into maru.tenant_domains (tenant_id, hostname, status) values ($1, 'a.example.com', 'active')`,
    ],
  ])('a tenant cannot give itself %s', async (_what, sql) => {
    await expect(module.get(TenantDb).run(hanbit, (m) => m.query(sql, [hanbit]))).rejects.toMatchObject({
      code: '42501',
    });
  });

  it('cannot point to a brand of another tenant', async () => {
    const sql = 'update maru.tenants set active_brand_version = 1 where id = $1';
    await expect(module.get(TenantDb).run(narae, (m) => m.query(sql, [narae]))).rejects.toMatchObject({
      code: '23503',
    });
  });

  it('a published brand never changes', async () => {
    const sql = `update maru.tenant_brand_versions set compiled_css = '' where tenant_id = $1`;
    const refusal = { code: '23514' };
    await expect(module.get(TenantDb).run(hanbit, (m) => m.query(sql, [hanbit]))).rejects.toMatchObject(refusal);
    await expect(module.get(PlatformPool).query(sql, [hanbit])).rejects.toMatchObject(refusal);
  });

  it('cross-tenant roles see their columns and no more', async () => {
    expect((await module.get(WorkerPool).query('select id, weight, status from maru.tenants')).rowCount).toBe(2);
    expect((await module.get(AuthPool).query('select id, slug, status from maru.tenants')).rowCount).toBe(2);
    for (const pool of [WorkerPool, AuthPool]) {
      await expect(module.get(pool).query('select name from maru.tenants')).rejects.toMatchObject({ code: '42501' });
      await expect(module.get(pool).query('select doc from maru.tenant_brand_versions')).rejects.toMatchObject({
        code: '42501',
      });
    }
  });
});
