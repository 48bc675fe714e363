import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/** What outlives a tenant: its audit log and what it was billed. They name nobody. */
const KEPT = ['audit_events', 'audit_seals', 'audit_pending', 'usage_ledger', 'usage_hours', 'tenant_plans'];

const COLUMNS = `
alter table maru.tenants add column delete_after timestamptz;
comment on column maru.tenants.delete_after is 'When the data of the tenant is removed; set when an operator deletes it, and until then it can be taken back.';
alter table maru.tenants add constraint tenants_delete_check check (delete_after is null or status = 'suspended');
grant select (delete_after) on maru.tenants to maru_worker`;

/** From here on a tenant table also lets its owner, who cannot log in, remove the rows of the tenant that is being removed. */
const isolate = (removal: string): string => `
create or replace procedure maru.isolate(t regclass) language plpgsql as $$ begin
  execute format('alter table %1$s enable row level security; alter table %1$s force row level security', t);
  execute format('create policy tenant on %s for all to maru_app
    using (tenant_id = (select maru.tenant_id())) with check (tenant_id = (select maru.tenant_id()))', t);${removal}
end $$`;
const REMOVAL = `
  execute format('create policy removal on %s for all to maru_owner using (tenant_id = (select maru.tenant_id()))', t);`;

const EACH_TABLE = (statement: string): string => `
do $$ declare t regclass; begin
  for t in select c.oid::regclass from pg_class c where c.relnamespace = 'maru'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) loop
    execute format('${statement}', t);
  end loop;
end $$`;

/**
 * Removes at most \`most\` rows of each table of a tenant whose time is over; returns how many were removed, null when there
 * is no such tenant (any more). Tables that others refer to wait until those are empty. The tenant itself goes last.
 */
const REMOVE = `
create function maru.remove_tenant(tenant uuid, most int) returns bigint language plpgsql security definer set search_path = pg_catalog as $$
declare
  t regclass; n bigint; removed bigint := 0; waiting boolean := false;
begin
  perform 1 from maru.tenants where id = tenant and delete_after < now() for update;
  if not found then return null; end if;
  perform set_config('maru.tenant_id', tenant::text, true);
  for t in select c.oid::regclass from pg_class c where c.relnamespace = 'maru'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname not in (${KEPT.map((name) => `'${name}'`).join(', ')})
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) order by c.relname loop
    begin
      if t = 'maru.tenant_brand_versions'::regclass then update maru.tenants set active_brand_version = null where id = tenant; end if;
      execute format('delete from %1$s d using (select tableoid as t, ctid as c from %1$s where tenant_id = $1 limit $2) s where d.tableoid = s.t and d.ctid = s.c', t)
        using tenant, most;
      get diagnostics n = row_count;
      removed := removed + n;
    exception when foreign_key_violation then waiting := true;
    end;
  end loop;
  if removed = 0 and not waiting then
    delete from maru.tenants where id = tenant;
    return 1;
  end if;
  return removed;
end $$;
revoke execute on function maru.remove_tenant(uuid, int) from public;
grant execute on function maru.remove_tenant(uuid, int) to maru_worker;
create policy removal on maru.tenants for all to maru_owner using (id = (select maru.tenant_id()) or delete_after < now())`;

const ACCESS = `
create policy operator_read on maru.members for select to maru_platform using (true);
create policy operator_read on maru.api_keys for select to maru_platform using (true);
create policy operator_read on maru.files for select to maru_platform using (true);
create policy operator_read on maru.usage_ledger for select to maru_platform using (true);
grant select (tenant_id, id, email, name, role, status, created_at) on maru.members to maru_platform;
grant select (tenant_id, id, name, start, last4, scopes, expires_at, revoked_at, created_at) on maru.api_keys to maru_platform;
grant select (tenant_id, id, name, mime_type, bytes, status, created_at) on maru.files to maru_platform`;

/** Operators delete tenants after a time of grace, and export what there is of one. */
export class AdministerTenants1764000000790 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const policy = 'create policy removal on %s for all to maru_owner using (tenant_id = (select maru.tenant_id()))';
    await runAsOwner(runner, [COLUMNS, isolate(REMOVAL), EACH_TABLE(policy), REMOVE, ACCESS].join(';\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    const policies = ['members', 'api_keys', 'files', 'usage_ledger'].map(
      (t) => `drop policy operator_read on maru.${t}`,
    );
    await runAsOwner(
      runner,
      [
        ...policies,
        'revoke select (tenant_id, id, email, name, role, status, created_at) on maru.members from maru_platform',
        'revoke select (tenant_id, id, name, start, last4, scopes, expires_at, revoked_at, created_at) on maru.api_keys from maru_platform',
        'revoke select (tenant_id, id, name, mime_type, bytes, status, created_at) on maru.files from maru_platform',
        'drop function maru.remove_tenant(uuid, int)',
        'drop policy removal on maru.tenants',
        EACH_TABLE('drop policy removal on %s'),
        isolate(''),
        'alter table maru.tenants drop constraint tenants_delete_check',
        'alter table maru.tenants drop column delete_after',
      ].join(';\n'),
    );
  }
}
