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

/** `until` inclusive. Creates what is missing; returns how many partitions it made. */
const EXTEND = `
create function maru.extend_partitions(until timestamptz) returns int language plpgsql security definer
  set search_path = pg_catalog set lock_timeout = '2s' as $$
declare
  plan record; part text; made int := 0; at timestamptz; stop timestamptz;
begin
  perform pg_advisory_xact_lock(hashtext('maru.partitions'));
  for plan in select * from maru.partition_plans loop
    at := date_trunc(plan.step, now() - ('1 ' || plan.step)::interval, 'UTC');
    while at <= until loop
      stop := date_trunc(plan.step, at + ('1 ' || plan.step)::interval + interval '12 hours', 'UTC');
      part := plan.table_name || '_p' || to_char(at at time zone 'UTC', 'YYYYMMDD');
      if to_regclass('maru.' || part) is null then
        execute format('create table maru.%I partition of maru.%I for values from (%L) to (%L)', part, plan.table_name,
          case plan.key_type when 'uuid' then maru.uuid_floor(at)::text else at::text end,
          case plan.key_type when 'uuid' then maru.uuid_floor(stop)::text else stop::text end);
        execute format('alter table maru.%1$I enable row level security; alter table maru.%1$I force row level security', part);
        made := made + 1;
      end if;
      at := stop;
    end loop;
  end loop;
  return made;
end $$;
revoke execute on function maru.extend_partitions(timestamptz) from public`;

/**
 * Drops the parts whose time is over. A part of the job tables stays while a job of its time, or of an earlier one, has
 * not ended.
 */
const DROP = `
create function maru.drop_partitions() returns text[] language plpgsql security definer
  set search_path = pg_catalog set lock_timeout = '2s' as $$
declare
  part record; dropped text[] := '{}'; oldest uuid;
begin
  perform pg_advisory_xact_lock(hashtext('maru.partitions'));
  select min(id) into oldest from maru.job_queue;
  for part in
    select c.relname, p.key_type,
           to_timestamp(right(c.relname, 8) || '+00', 'YYYYMMDDTZH') + ('1 ' || p.step)::interval as stop
      from maru.partition_plans p
      join pg_inherits i on i.inhparent = ('maru.' || p.table_name)::regclass
      join pg_class c on c.oid = i.inhrelid and c.relname ~ '_p[0-9]{8}$'
     where p.keep is not null
       and to_timestamp(right(c.relname, 8) || '+00', 'YYYYMMDDTZH') + ('1 ' || p.step)::interval < now() - p.keep
     order by c.relname
  loop
    continue when part.key_type = 'uuid' and oldest < maru.uuid_floor(part.stop);
    execute format('drop table maru.%I', part.relname);
    dropped := dropped || part.relname::text;
  end loop;
  return dropped;
end $$;
revoke execute on function maru.drop_partitions() from public`;

/** The tables that grow with time are cut into parts, so that old history goes by dropping a table, not by deleting rows. */
export class CreatePartitioning1764000000350 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, [UUID_FLOOR, PLANS, EXTEND, DROP, GRANTS].join('\n;\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `drop function maru.drop_partitions(); drop function maru.extend_partitions(timestamptz);
       drop table maru.partition_plans; drop function maru.uuid_floor(timestamptz)`,
    );
  }
}

const GRANTS = `
grant execute on function maru.extend_partitions(timestamptz), maru.drop_partitions() to maru_worker;
grant select on maru.partition_plans to maru_worker, maru_platform`;
