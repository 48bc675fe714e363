import { ownerQuery as query } from '../owner-query.js';

/** What changes by being asked: counters and logs of requests, the refused ones among them. */
const COUNTED = ['quota_windows', 'login_failures', 'audit_events', 'audit_pending', 'audit_seals'];

const TABLES = `
  select c.relname as name from pg_class c
   where c.relnamespace = 'maru'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped)
   order by c.relname`;

/** Every table of tenants. */
export async function tenantTables(): Promise<string[]> {
  return (await query<{ name: string }>(TABLES)).map(({ name }) => name);
}

/** A digest of all rows of a tenant, by table. Two that are equal: nothing was written between them. */
export async function rowsOfTenant(tenantId: string): Promise<Record<string, string>> {
  const tables = (await tenantTables()).filter((name) => !COUNTED.includes(name));
  const digests = tables.map(
    (name) => `select '${name}' as name, (
       select md5(coalesce(string_agg(r, '|' order by r), '')) from (
         select (to_jsonb(t) - 'last_used_at' - 'lease_until')::text as r from maru.${name} t where t.tenant_id = $1) x) as digest`,
  );
  const rows = await query<{ name: string; digest: string }>(digests.join(' union all '), [tenantId]);
  const own = await query<{ digest: string }>('select md5(t::text) as digest from maru.tenants t where id = $1', [
    tenantId,
  ]);
  return Object.fromEntries([...rows.map(({ name, digest }) => [name, digest]), ['tenants', own[0]!.digest]]);
}
