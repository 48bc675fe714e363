import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrations } from '../../migrations/index.js';
import { migrate, migrationDataSource } from '../../src/database/migrate.js';
import { LOGIN_ROLES } from '../../src/database/database-roles.js';
import { roleUrl } from '../../src/database/role-url.js';
import { adminQuery, databaseUrl } from '../support/admin-query.js';
import { testSecrets } from '../support/test-key.js';

const names = migrations.map((m) => m.name);
const suffix = randomBytes(4).toString('hex');
const database = `maru_migrations_${suffix}`;
const installer = `maru_installer_${suffix}`;
const url = databaseUrl(inject('serverUrl'), database);

async function query<R extends pg.QueryResultRow>(connection: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: connection });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Every object of the schema `maru` with its definition, privileges and policies, as sorted text. */
async function snapshot(): Promise<string[]> {
  const rows = await query<{ line: string }>(
    url,
    `select 'column ' || table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line
       from information_schema.columns where table_schema = 'maru'
     union all select 'constraint ' || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
       from pg_constraint where connamespace = 'maru'::regnamespace
     union all select 'index ' || indexdef from pg_indexes where schemaname = 'maru'
     union all select 'policy ' || tablename || ' ' || policyname || ' ' || roles::text || ' ' || cmd || ' ' || coalesce(qual, '') || ' ' || coalesce(with_check, '')
       from pg_policies where schemaname = 'maru'
     union all select 'function ' || proname || ' ' || coalesce(proacl::text, '') || ' ' || prosrc from pg_proc where pronamespace = 'maru'::regnamespace
     union all select 'trigger ' || pg_get_triggerdef(oid) from pg_trigger t where not tgisinternal
         and exists (select from pg_class c where c.oid = t.tgrelid and c.relnamespace = 'maru'::regnamespace)
     union all select 'acl ' || relname || ' ' || coalesce(relacl::text, '') || ' ' || relrowsecurity || relforcerowsecurity
       from pg_class where relnamespace = 'maru'::regnamespace
     union all select 'column acl ' || attrelid::regclass || '.' || attname || ' ' || attacl::text
       from pg_attribute a join pg_class c on c.oid = a.attrelid where c.relnamespace = 'maru'::regnamespace and attacl is not null
     union all select 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') from pg_namespace where nspname in ('maru', 'bullmq')
     union all select 'default acl ' || defaclobjtype::text || ' ' || defaclacl::text from pg_default_acl`,
  );
  return rows.map((r) => r.line).sort();
}

describe('migrations', () => {
  beforeAll(() => adminQuery(inject('serverUrl'), `create database ${database}`));
  afterAll(() =>
    adminQuery(
      inject('serverUrl'),
      `drop database if exists ${database} with (force)`,
      `drop database if exists ${installer} with (force)`,
      `drop role if exists ${installer}`,
    ),
  );

  it('run once when several processes start together', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(url, testSecrets())));
    const applied = await query<{ name: string }>(url, 'select name from public.maru_migrations order by id');
    expect(applied.map((r) => r.name)).toEqual(names);
  });

  it('go down to nothing and up to the same schema again', async () => {
    const before = await snapshot();
    const source = await migrationDataSource(url).initialize();
    try {
      for (const name of names) expect(name).toBeTypeOf('string');
      for (let i = names.length; i > 0; i--) await source.undoLastMigration({ transaction: 'each' });
      expect(await query(url, `select 1 from pg_namespace where nspname in ('maru', 'bullmq')`)).toEqual([]);
      expect(await query(url, 'select 1 from public.maru_migrations')).toEqual([]);
      await source.runMigrations({ transaction: 'each' });
    } finally {
      await source.destroy();
    }
    expect(await snapshot()).toEqual(before);
    expect(before.length).toBeGreaterThan(50);
  });

  it.each(LOGIN_ROLES)('%s logs in with its derived password', async (role) => {
    const [row] = await query<{ name: string }>(roleUrl(url, role, testSecrets()), 'select current_user as name');
    expect(row?.name).toBe(role);
  });

  it('pin ordered index scans on the two hot roles only', async () => {
    const settings = `select string_agg(name || '=' || setting, ' ' order by name) as text from pg_settings
      where name in ('enable_sort', 'enable_seqscan', 'enable_hashjoin', 'enable_bitmapscan', 'enable_mergejoin', 'jit', 'plan_cache_mode')`;
    const pinned =
      'enable_bitmapscan=off enable_hashjoin=off enable_mergejoin=off enable_seqscan=off enable_sort=off jit=off plan_cache_mode=force_generic_plan';
    for (const role of LOGIN_ROLES) {
      const [row] = await query<{ text: string }>(roleUrl(url, role, testSecrets()), settings);
      if (role === 'maru_worker' || role === 'maru_ingest') expect(row?.text).toBe(pinned);
      else expect(row?.text).toContain('enable_sort=on');
    }
  });

  it('work for an owner with CREATEROLE that is no superuser', async () => {
    await adminQuery(inject('serverUrl'), `create role ${installer} login createrole password 'installer'`);
    // On a managed server this user makes the roles itself; here they exist, so it gets what their maker would have.
    await adminQuery(
      inject('serverUrl'),
      ...['maru_owner', ...LOGIN_ROLES].map(
        (role) => `grant ${role} to ${installer} with admin true, inherit false, set false`,
      ),
      `create database ${installer} owner ${installer}`,
    );
    const ownUrl = new URL(databaseUrl(inject('serverUrl'), installer));
    Object.assign(ownUrl, { username: installer, password: 'installer' });
    await migrate(ownUrl.href, testSecrets());
    expect(await query(ownUrl.href, 'select 1 from public.maru_migrations')).toHaveLength(names.length);
  });
});
