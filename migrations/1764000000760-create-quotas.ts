import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const PLANS = `
create table maru.plans (              -- not a tenant table: what an installation offers
  name text constraint plans_pkey primary key constraint plans_name_check check (name ~ '^[a-z][a-z0-9-]{0,30}$'),
  created_at timestamptz not null default now());
create table maru.plan_limits (        -- not a tenant table
  plan text not null constraint plan_limits_plan_fkey references maru.plans (name),
  name text not null,
  quota bigint not null constraint plan_limits_quota_check check (quota >= 0),
  constraint plan_limits_pkey primary key (plan, name),
  constraint plan_limits_name_check check (name in ('requests', 'key', 'submit', 'daily', 'gpu', 'stored')));
create table maru.plan_prices (        -- not a tenant table: append-only, so that what was billed stays as it was
  plan text not null constraint plan_prices_plan_fkey references maru.plans (name),
  valid_from timestamptz not null,
  unit_price numeric(18, 6) not null constraint plan_prices_price_check check (unit_price >= 0),
  currency text not null constraint plan_prices_currency_check check (currency ~ '^[A-Z]{3}$'),
  constraint plan_prices_pkey primary key (plan, valid_from));
insert into maru.plans (name) values ('standard'), ('starter'), ('business');
insert into maru.plan_limits (plan, name, quota) values
  ('standard', 'requests', 600000), ('standard', 'key', 600000), ('standard', 'submit', 600000), ('standard', 'daily', 100000000),
  ('standard', 'gpu', 8640000000), ('standard', 'stored', 1099511627776),
  ('starter', 'requests', 1200), ('starter', 'key', 600), ('starter', 'submit', 600), ('starter', 'daily', 10000),
  ('starter', 'gpu', 3600000), ('starter', 'stored', 10737418240),
  ('business', 'requests', 12000), ('business', 'key', 6000), ('business', 'submit', 6000), ('business', 'daily', 1000000),
  ('business', 'gpu', 86400000), ('business', 'stored', 536870912000)`;

const TENANT_PLANS = `
create table maru.tenant_plans (       -- append-only: which plan since when; a tenant without a row has the plan standard
  tenant_id uuid not null,
  valid_from timestamptz not null default now(),
  plan text not null constraint tenant_plans_plan_fkey references maru.plans (name),
  constraint tenant_plans_pkey primary key (tenant_id, valid_from));
create table maru.tenant_quotas (      -- an operator's exceptions from the plan
  tenant_id uuid not null,
  name text not null constraint tenant_quotas_name_check check (name in ('requests', 'key', 'submit', 'daily', 'gpu', 'stored', 'queued')),
  quota bigint not null constraint tenant_quotas_quota_check check (quota >= 0),
  reason text not null constraint tenant_quotas_reason_check check (length(reason) between 1 and 300),
  expires_at timestamptz,              -- null: until it is taken back
  created_by text,                     -- public id of the operator
  created_at timestamptz not null default now(),
  constraint tenant_quotas_pkey primary key (tenant_id, name));
create table maru.quota_windows (      -- what was taken in the newest window; processes lease slices of it
  tenant_id uuid not null,
  name text not null,
  subject uuid not null,               -- the API key of the policy key, else the nil uuid
  starts_at timestamptz not null,      -- of the window; of the policy stored: its first file
  quota bigint not null,               -- at the last lease
  taken bigint not null,               -- leased to processes, used or not; of the policy stored: bytes
  granted bigint not null default 0,   -- of the last lease
  constraint quota_windows_pkey primary key (tenant_id, name, subject)
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000)`;

/** The limits of a tenant: its plan's, unless an exception holds. `window_s` is null for what is not counted by time. */
const LIMITS = `
create function maru.tenant_limits(tenant uuid)
  returns table (name text, quota bigint, window_s int, source text, reason text, expires_at timestamptz)
  language sql stable set search_path = pg_catalog as $$
  select d.name, coalesce(o.quota, d.quota), d.window_s, case when o.quota is null then d.source else 'override' end, o.reason, o.expires_at
    from (
      select l.name, l.quota, case l.name when 'stored' then null when 'daily' then 86400 when 'gpu' then 86400 else 60 end as window_s,
             case when c.plan is null then 'default' else 'plan' end as source
        from (select 1) one
        left join lateral (select p.plan from maru.tenant_plans p where p.tenant_id = tenant and p.valid_from <= now()
                            order by p.valid_from desc limit 1) c on true
        join maru.plan_limits l on l.plan = coalesce(c.plan, 'standard')
      union all
      select 'queued', t.max_queued_jobs, null, case when t.max_queued_jobs = 100000 then 'default' else 'plan' end
        from maru.tenants t where t.id = tenant) d
    left join maru.tenant_quotas o on o.tenant_id = tenant and o.name = d.name and (o.expires_at is null or o.expires_at > now()) $$;
revoke execute on function maru.tenant_limits(uuid) from public`;

/** Bytes of the files that a tenant stores, kept with every change; an insert above the limit is refused with MQ001. */
const STORED = `
create function maru.add_stored(tenant uuid, change bigint) returns void language plpgsql set search_path = pg_catalog as $$
declare
  total bigint; most bigint;
begin
  insert into maru.quota_windows as w (tenant_id, name, subject, starts_at, quota, taken)
  values (tenant, 'stored', '00000000-0000-0000-0000-000000000000', now(), 0, greatest(0, change))
  on conflict (tenant_id, name, subject) do update set taken = greatest(0, w.taken + change)
  returning taken into total;
  if change <= 0 then return; end if;
  select l.quota into most from maru.tenant_limits(tenant) l where l.name = 'stored';
  if total > most then
    raise exception 'stored bytes: % of %', total, most using errcode = 'MQ001',
      detail = json_build_object('limit', most, 'current', total - change)::text;
  end if;
end $$;
revoke execute on function maru.add_stored(uuid, bigint) from public`;

const DELTAS = {
  insert: `select tenant_id, bytes, status from added`,
  update: `select tenant_id, bytes, status from added union all select tenant_id, -bytes, status from gone`,
  delete: `select tenant_id, -bytes, status from gone`,
};
const TABLES = {
  insert: 'new table as added',
  update: 'old table as gone new table as added',
  delete: 'old table as gone',
};

/** One trigger an operation: each knows other transition tables. */
const triggerOn = (operation: keyof typeof DELTAS): string => `
create function maru.count_stored_${operation}() returns trigger language plpgsql security definer set search_path = pg_catalog as $$ begin
  perform maru.add_stored(c.tenant_id, c.bytes) from (
    select d.tenant_id, sum(d.bytes)::bigint as bytes from (${DELTAS[operation]}) d(tenant_id, bytes, status)
     where d.status in ('pending', 'ready') group by d.tenant_id having sum(d.bytes) <> 0 order by d.tenant_id) c;
  return null;
end $$;
revoke execute on function maru.count_stored_${operation}() from public;
create trigger files_stored_${operation} after ${operation} on maru.files referencing ${TABLES[operation]}
  for each statement execute function maru.count_stored_${operation}()`;

const COUNT_NOW = `
insert into maru.quota_windows (tenant_id, name, subject, starts_at, quota, taken)
select tenant_id, 'stored', '00000000-0000-0000-0000-000000000000', now(), 0, sum(bytes)
  from maru.files where status in ('pending', 'ready') group by tenant_id`;

const ACCESS = `
call maru.isolate('maru.tenant_plans');
call maru.isolate('maru.tenant_quotas');
call maru.isolate('maru.quota_windows');
create policy platform on maru.tenant_plans for all to maru_platform using (true) with check (true);
create policy platform on maru.tenant_quotas for all to maru_platform using (true) with check (true);
create policy platform on maru.quota_windows for select to maru_platform using (true);
create policy ingest on maru.tenant_quotas for select to maru_ingest using (true);
create policy worker on maru.tenant_plans for select to maru_worker using (true);
create policy owner on maru.tenants for select to maru_owner using (true);
create policy owner on maru.files for select to maru_owner using (true);
create policy owner on maru.tenant_plans for select to maru_owner using (true);
create policy owner on maru.tenant_quotas for select to maru_owner using (true);
create policy owner on maru.quota_windows for all to maru_owner using (true) with check (true);
grant select on maru.plans, maru.plan_limits, maru.plan_prices to maru_app, maru_platform, maru_worker;
grant insert on maru.plans, maru.plan_prices to maru_platform;
grant insert, update on maru.plan_limits to maru_platform;
grant select on maru.tenant_plans, maru.tenant_quotas to maru_app;
grant select, insert, update on maru.quota_windows to maru_app;
grant select, insert on maru.tenant_plans to maru_platform;
grant select, insert, update, delete on maru.tenant_quotas to maru_platform;
grant select on maru.quota_windows to maru_platform;
grant select (tenant_id, name, quota, expires_at) on maru.tenant_quotas to maru_ingest;
grant select on maru.tenant_plans to maru_worker;
grant execute on function maru.tenant_limits(uuid) to maru_app, maru_platform`;

const TABLES_MADE = ['quota_windows', 'tenant_quotas', 'tenant_plans', 'plan_prices', 'plan_limits', 'plans'];
const OPERATIONS = ['insert', 'update', 'delete'] as const;

/** What tenants may use: plans, exceptions from them, and how much of each limit is taken. */
export class CreateQuotas1764000000760 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const triggers = OPERATIONS.map(triggerOn);
    await runAsOwner(runner, [PLANS, TENANT_PLANS, LIMITS, STORED, ACCESS, COUNT_NOW, ...triggers].join('\n;\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    const triggers = OPERATIONS.map((operation) => `drop trigger files_stored_${operation} on maru.files`);
    const functions = OPERATIONS.map((operation) => `drop function maru.count_stored_${operation}()`);
    await runAsOwner(
      runner,
      [
        ...triggers,
        ...functions,
        'drop function maru.add_stored(uuid, bigint)',
        'drop function maru.tenant_limits(uuid)',
        'drop policy owner on maru.tenants',
        'drop policy owner on maru.files',
        `drop table ${TABLES_MADE.map((table) => `maru.${table}`).join(', ')}`,
      ].join(';\n'),
    );
  }
}
