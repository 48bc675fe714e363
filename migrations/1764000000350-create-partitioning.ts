import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/** Two clocks name a partition: a table is cut by instants or by version 7 uuids, which begin with their instant. */
const UUID_FLOOR = `
create function maru.uuid_floor(at timestamptz) returns uuid language sql immutable parallel safe
  as $$ select rpad(lpad(to_hex(floor(extract(epoch from at) * 1000)::bigint), 12, '0'), 32, '0')::uuid $$;
comment on function maru.uuid_floor(timestamptz) is 'The smallest version 7 uuid of an instant.'`;

const PLANS = `
create table maru.partition_plans (     -- not a tenant table: how the big tables are cut and how long their parts live
  table_name text constraint partition_plans_pkey primary key,
  key_type text not null constraint partition_plans_key_type_check check (key_type in ('uuid', 'instant')),
  step text not null constraint partition_plans_step_check check (step in ('day', 'week', 'month')),
  keep interval                         -- null: for ever
)`;

/** The dated parts there are. Steps are whole UTC days, so the function's time zone must be UTC: months differ else. */
const PARTS = `
create function maru.partitions() returns table (table_name text, key_type text, part text, starts timestamptz, stops timestamptz, keep interval)
  language sql stable security definer set search_path = pg_catalog set timezone = 'UTC' as $$
  select p.table_name, p.key_type, c.relname::text, d.starts, d.starts + ('1 ' || p.step)::interval, p.keep
    from maru.partition_plans p
    join pg_inherits i on i.inhparent = ('maru.' || p.table_name)::regclass
    join pg_class c on c.oid = i.inhrelid and c.relname ~ '_p[0-9]{8}$'
    cross join lateral (select to_timestamp(right(c.relname, 8), 'YYYYMMDD') as starts) d $$;
revoke execute on function maru.partitions() from public`;

/**
 * One part. Rows of its time may lie in the default part already, when nobody made parts for too long: they move, and
 * nobody can write to the table while they do. The default part shows its rows to its owner only without forced row-level
 * security; the table stays locked until that is back.
 */
const ADD = `
create function maru.add_partition(parent text, part text, lower_bound text, upper_bound text) returns void language plpgsql
  set search_path = pg_catalog as $$
declare
  other text := parent || '_other'; key name;
begin
  begin
    execute format('create table maru.%I partition of maru.%I for values from (%L) to (%L)', part, parent, lower_bound, upper_bound);
  exception when check_violation then
    select a.attname into key from pg_partitioned_table t join pg_attribute a on a.attrelid = t.partrelid and a.attnum = t.partattrs[0]
     where t.partrelid = ('maru.' || parent)::regclass;
    execute format('alter table maru.%I no force row level security', other);
    execute format('create table maru.%I (like maru.%I including all)', part, parent);
    execute format('with moved as (delete from maru.%1$I where %2$I >= %3$L and %2$I < %4$L returning *) insert into maru.%5$I select * from moved',
      other, key, lower_bound, upper_bound, part);
    execute format('alter table maru.%I attach partition maru.%I for values from (%L) to (%L)', parent, part, lower_bound, upper_bound);
    execute format('alter table maru.%I force row level security', other);
  end;
  execute format('alter table maru.%1$I enable row level security; alter table maru.%1$I force row level security', part);
end $$;
revoke execute on function maru.add_partition(text, text, text, text) from public`;

/**
 * `until` inclusive. Makes what is missing after the newest part of each table, at most `most` parts: each holds a lock of
 * its whole table until the commit, so a running platform asks for one at a time. Returns how many it made. While another
 * process is at it, none. The lock timeout is shorter than deadlock_timeout (1 s), so that in a knot of locks this
 * function is always the one that gives up.
 */
const EXTEND = `
create function maru.extend_partitions(until timestamptz, most int default 1000) returns int language plpgsql security definer
  set search_path = pg_catalog set timezone = 'UTC' set lock_timeout = '500ms' as $$
declare
  plan record; made int := 0; at timestamptz; stop timestamptz;
begin
  if not pg_try_advisory_xact_lock(hashtext('maru.partitions')) then return 0; end if;
  for plan in select p.*, (select max(stops) from maru.partitions() q where q.table_name = p.table_name) as newest
                from maru.partition_plans p order by p.table_name loop
    at := greatest(coalesce(plan.newest, date_trunc(plan.step, now() - ('1 ' || plan.step)::interval)),
                   date_trunc(plan.step, now() - plan.keep));
    while at <= until and made < most loop
      stop := at + ('1 ' || plan.step)::interval;
      perform maru.add_partition(plan.table_name, plan.table_name || '_p' || to_char(at, 'YYYYMMDD'),
        case plan.key_type when 'uuid' then maru.uuid_floor(at)::text else at::text end,
        case plan.key_type when 'uuid' then maru.uuid_floor(stop)::text else stop::text end);
      made := made + 1;
      at := stop;
    end loop;
  end loop;
  return made;
end $$;
revoke execute on function maru.extend_partitions(timestamptz, int) from public`;

/**
 * Drops parts whose time is over, oldest first, at most `most`; returns their names. A part of the job tables stays while
 * a job of its time, or of an earlier one, has not ended or has not been erased: its files would be forgotten. What is
 * settled is asked of tables that show their rows to maru_owner by a policy.
 */
const DROP = `
create function maru.drop_partitions(most int default 1000) returns text[] language plpgsql security definer
  set search_path = pg_catalog set timezone = 'UTC' set lock_timeout = '500ms' as $$
declare
  old record; dropped text[] := '{}'; settled uuid;
begin
  if not pg_try_advisory_xact_lock(hashtext('maru.partitions')) then return dropped; end if;
  select least(r.erased_through, (select id from maru.job_queue order by id limit 1), (select id from maru.job_retention_late order by id limit 1))
    into settled from maru.job_retention r order by r.erased_through limit 1;
  for old in select * from maru.partitions() where stops < now() - keep order by starts, table_name <> 'jobs', table_name loop
    exit when cardinality(dropped) >= most;
    continue when old.key_type = 'uuid' and (settled is null or settled < maru.uuid_floor(old.stops));
    execute format('drop table maru.%I', old.part);
    dropped := dropped || old.part;
  end loop;
  return dropped;
end $$;
revoke execute on function maru.drop_partitions(int) from public`;

/** The tables that grow with time are cut into parts, so that old history goes by dropping a table, not by deleting rows. */
export class CreatePartitioning1764000000350 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, [UUID_FLOOR, PLANS, PARTS, ADD, EXTEND, DROP, GRANTS].join('\n;\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `drop function maru.drop_partitions(int); drop function maru.extend_partitions(timestamptz, int);
       drop function maru.add_partition(text, text, text, text); drop function maru.partitions();
       drop table maru.partition_plans; drop function maru.uuid_floor(timestamptz)`,
    );
  }
}

const GRANTS = `
grant execute on function maru.partitions(), maru.extend_partitions(timestamptz, int), maru.drop_partitions(int) to maru_worker;
grant select on maru.partition_plans to maru_app, maru_worker, maru_platform`;
