import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/**
 * What the catalog may break, by name and with its reason. Anything else fails: a new tenant table goes through
 * maru.isolate, and `tenant_id` leads its keys and indexes.
 */
const TABLES_WITHOUT_TENANT: Record<string, string> = {
  tenants: 'its own id is the tenant; it has a policy on id',
  workers: 'worker processes of the platform',
  scheduler_states: 'what workers learned; workers alone read it',
  operators: 'operators belong to no tenant',
  operator_sessions: 'operators belong to no tenant',
  signing_keys: 'keys of the installation',
  partition_plans: 'how the big tables are cut',
  usage_rollup: 'one row: how far usage was added up',
  plans: 'what the installation offers',
  plan_limits: 'what the installation offers',
  plan_prices: 'what the installation offers',
};
const INDEXES_WITHOUT_LEADING_TENANT: Record<string, string> = {
  tenant_domains_hostname_key: 'a host is public and leads to one tenant',
  api_keys_lookup_key: 'random; found before the tenant is known',
  job_queue_deadline_idx: 'partial; for the sweep of all tenants',
  job_queue_run_at_idx: 'partial; for the next retry of all tenants',
  outbox_relay_idx: 'for the relay of all tenants',
  audit_events_id_idx: 'for operators, who read all logs as one',
};

let client: pg.Client;

beforeAll(async () => {
  client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
});
afterAll(() => client.end());

async function names(sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql);
  return rows.map((r) => r.name).sort();
}

const without = (found: string[], exceptions: Record<string, string>) => found.filter((n) => !(n in exceptions));

const TENANT_TABLES = `
  select c.oid, c.relname, c.relispartition, c.relrowsecurity, c.relforcerowsecurity from pg_class c
  where c.relnamespace = 'maru'::regnamespace and c.relkind in ('r', 'p')
    and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)`;

describe('catalog', () => {
  it('has tenant tables to check', async () => {
    expect(await names(`select relname as name from (${TENANT_TABLES}) t`)).toEqual(
      expect.arrayContaining(['tenant_brand_versions', 'tenant_domains']),
    );
  });

  it('every table belongs to a tenant', async () => {
    const other = await names(`
      select relname as name from pg_class where relnamespace = 'maru'::regnamespace and relkind in ('r', 'p')
      except select relname from (${TENANT_TABLES}) t`);
    expect(without(other, TABLES_WITHOUT_TENANT)).toEqual([]);
  });

  it('every tenant table enables and forces row-level security', async () => {
    const open = await names(`
      select relname as name from (${TENANT_TABLES}) t where not (relrowsecurity and relforcerowsecurity)
      union all select relname from pg_class
      where oid = 'maru.tenants'::regclass and not (relrowsecurity and relforcerowsecurity)`);
    expect(open).toEqual([]);
  });

  it('every tenant table checks reads and writes of the application role', async () => {
    const open = await names(`
      select t.relname as name from (${TENANT_TABLES}) t
      where not t.relispartition and not exists (select from pg_policies p
        where p.schemaname = 'maru' and p.tablename = t.relname and 'maru_app' = any(p.roles) and p.cmd = 'ALL'
          and p.qual like '%tenant_id = ( SELECT maru.tenant_id()%' and p.with_check like '%tenant_id = ( SELECT maru.tenant_id()%')`);
    expect(open).toEqual([]);
  });

  it('nobody but the owner reaches a partition past its table', async () => {
    const open = await names(`
      select distinct p.relname as name from pg_class p, aclexplode(p.relacl) a
      where p.relnamespace = 'maru'::regnamespace and p.relispartition
        and a.grantee not in (p.relowner, 'maru_backup'::regrole)`);
    expect(open).toEqual([]);
  });

  it('no policy widens what the application role sees', async () => {
    const wide = await names(`
      select tablename || '.' || policyname as name from pg_policies
      where schemaname = 'maru' and roles && '{maru_app,public}'::name[]
        and not (coalesce(qual, with_check) like '%maru.tenant_id()%')`);
    expect(wide).toEqual([]);
  });

  it('tenant_id is not null and leads every key and index', async () => {
    const nullable = await names(`
      select t.relname as name from (${TENANT_TABLES}) t
      join pg_attribute a on a.attrelid = t.oid and a.attname = 'tenant_id' where not a.attnotnull`);
    expect(nullable).toEqual([]);
    const indexes = await names(`
      select i.indexrelid::regclass::text as name from (${TENANT_TABLES}) t join pg_index i on i.indrelid = t.oid
      left join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
      where a.attname is distinct from 'tenant_id'`);
    expect(
      without(
        indexes.map((n) => n.replace(/^maru\./, '')),
        INDEXES_WITHOUT_LEADING_TENANT,
      ),
    ).toEqual([]);
  });

  it('a foreign key between tenant tables carries the tenant', async () => {
    const loose = await names(`
      select c.conname as name from pg_constraint c
      join (${TENANT_TABLES}) child on child.oid = c.conrelid join (${TENANT_TABLES}) parent on parent.oid = c.confrelid
      where c.contype = 'f' and not exists (
        select from unnest(c.conkey, c.confkey) k(child_column, parent_column)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.child_column and a.attname = 'tenant_id'
        join pg_attribute b on b.attrelid = c.confrelid and b.attnum = k.parent_column and b.attname = 'tenant_id')`);
    expect(loose).toEqual([]);
  });

  it('a function that runs as its owner takes no names from its caller', async () => {
    const functions = await names(`
      select p.proname as name from pg_proc p where p.pronamespace in ('maru'::regnamespace, 'bullmq'::regnamespace)
        and p.prosecdef and not exists (select from unnest(p.proconfig) s where s like 'search_path=%')`);
    expect(functions).toEqual([]);
  });

  it('every view asks as its caller', async () => {
    const views = await names(`
      select relname as name from pg_class where relnamespace = 'maru'::regnamespace and relkind = 'v'
        and not coalesce(reloptions::text[] && '{security_invoker=true,security_invoker=on}', false)`);
    expect(views).toEqual([]);
    const materialized = await names(`
      select relname as name from pg_class where relnamespace = 'maru'::regnamespace and relkind = 'm'`);
    expect(materialized).toEqual([]); // they have no row-level security
  });

  it('no status is an enum', async () => {
    const enums = `select typname as name from pg_type where typtype = 'e' and typnamespace = 'maru'::regnamespace`;
    expect(await names(enums)).toEqual([]);
  });
});

describe('roles', () => {
  const RUNTIME = `rolname like 'maru\\_%' and rolname not in ('maru_owner', 'maru_backup')
    and rolname not like 'maru\\_installer%'`;

  it('no runtime role is powerful', async () => {
    expect(await names(`select rolname as name from pg_roles where ${RUNTIME}`)).toEqual([
      'maru_app',
      'maru_audit',
      'maru_auth',
      'maru_ingest',
      'maru_platform',
      'maru_queue',
      'maru_worker',
    ]);
    const powerful = await names(`
      select rolname as name from pg_roles where ${RUNTIME}
        and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication or rolinherit or not rolcanlogin)`);
    expect(powerful).toEqual([]);
  });

  it('only the dump bypasses row-level security, and the owner cannot log in', async () => {
    const bypassing = `select rolname as name from pg_roles where rolname like 'maru\\_%' and rolbypassrls`;
    expect(await names(bypassing)).toEqual(['maru_backup']);
    const owner = `select rolname as name from pg_roles where rolname = 'maru_owner' and (rolcanlogin or rolsuper or rolbypassrls)`;
    expect(await names(owner)).toEqual([]);
  });

  it('no runtime role is a member of another one', async () => {
    const members = await names(`
      select r.rolname as name from pg_auth_members m join pg_roles r on r.oid = m.member where ${RUNTIME}`);
    expect(members).toEqual([]);
  });

  it('runtime roles own nothing, but for the sequences that BullMQ makes', async () => {
    const owned = await names(`
      select c.oid::regclass::text as name from pg_class c join pg_roles r on r.oid = c.relowner
        where ${RUNTIME} and not (r.rolname = 'maru_queue' and c.relkind = 'S' and c.relnamespace = 'bullmq'::regnamespace)
      union all select n.nspname from pg_namespace n join pg_roles r on r.oid = n.nspowner where ${RUNTIME}
      union all select p.proname from pg_proc p join pg_roles r on r.oid = p.proowner where ${RUNTIME}`);
    expect(owned).toEqual([]);
  });

  it('the database gives nothing of the schema to everybody', async () => {
    const open = await names(`
      select c.relname as name from pg_class c, aclexplode(c.relacl) a
      where c.relnamespace = 'maru'::regnamespace and a.grantee = 0
      union all select n.nspname from pg_namespace n, aclexplode(n.nspacl) a where n.nspname = 'maru' and a.grantee = 0`);
    expect(open).toEqual([]);
  });
});
