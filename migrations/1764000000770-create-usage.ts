import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const HOURS = `
create table maru.usage_hours (        -- the ledger by the hour, added up; the entries from usage_rollup.through on are not in it yet
  tenant_id uuid not null,
  hour timestamptz not null,
  analyzer text not null,              -- slug
  created_by text not null,            -- public id of the member or key
  currency text not null,              -- '' where the plan had no price
  jobs bigint not null,
  units bigint not null,
  device_us bigint not null,
  amount numeric(24, 6) not null,
  constraint usage_hours_pkey primary key (tenant_id, hour, analyzer, created_by, currency));
create table maru.usage_rollup (       -- not a tenant table: one row
  one boolean not null default true constraint usage_rollup_pkey primary key constraint usage_rollup_one_check check (one),
  through timestamptz not null);       -- exclusive
insert into maru.usage_rollup (through) values ('2020-01-01T00:00:00Z');
create index usage_ledger_at_idx on maru.usage_ledger using brin (tenant_id, at) with (pages_per_range = 32, autosummarize = on)`;

/** What a unit cost a tenant at an instant: the price of the plan that it had. No row: no price. */
const PRICE = `
create function maru.price_at(tenant uuid, at timestamptz) returns table (unit_price numeric, currency text)
  language sql stable set search_path = pg_catalog as $$
  select p.unit_price, p.currency from maru.plan_prices p
   where p.valid_from <= at
     and p.plan = coalesce((select t.plan from maru.tenant_plans t where t.tenant_id = tenant and t.valid_from <= at
                             order by t.valid_from desc limit 1), 'standard')
   order by p.valid_from desc limit 1 $$;
revoke execute on function maru.price_at(uuid, timestamptz) from public`;

const ACCESS = `
call maru.isolate('maru.usage_hours');
create policy worker on maru.usage_hours for all to maru_worker using (true) with check (true);
create policy platform on maru.usage_hours for select to maru_platform using (true);
create policy worker_read on maru.usage_ledger for select to maru_worker using (true);
grant select on maru.usage_hours, maru.usage_rollup to maru_app, maru_platform;
grant select, insert, update on maru.usage_hours to maru_worker;
grant select, update on maru.usage_rollup to maru_worker;
grant select on maru.usage_ledger to maru_worker;
grant execute on function maru.price_at(uuid, timestamptz) to maru_app, maru_worker`;

/** Usage by the hour, and what it costs. */
export class CreateUsage1764000000770 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, [HOURS, PRICE, ACCESS].join(';\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `drop function maru.price_at(uuid, timestamptz); drop table maru.usage_hours, maru.usage_rollup;
       drop index maru.usage_ledger_at_idx; drop policy worker_read on maru.usage_ledger;
       revoke select on maru.usage_ledger from maru_worker`,
    );
  }
}
