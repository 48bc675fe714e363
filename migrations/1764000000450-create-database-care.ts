import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/**
 * Sessions of other roles show their snapshot only to members of pg_read_all_stats. The owner of the schema becomes one,
 * which cannot log in; nobody at run time does. Roles belong to the whole server, so starters of two databases may write
 * the same row: XX000, try again.
 */
const SEE_SESSIONS = `
do $outer$ begin
  for attempt in 1..20 loop
    begin
      grant pg_read_all_stats to maru_owner;
      return;
    exception
      when insufficient_privilege then
        raise warning 'maru_owner cannot see the snapshots of other sessions: this user may not grant pg_read_all_stats';
        return;
      when unique_violation then return;
      when internal_error then
        if attempt = 20 then raise; end if;
        perform pg_sleep(0.02 * attempt);
    end;
  end loop;
end $outer$`;

/** Slots and prepared transactions outlive every session; a walsender without a database stands for a standby. */
const HOLDERS = `
create function maru.xmin_holders()
  returns table (kind text, name text, pid int, role text, state text, since timestamptz, age_xids int, next_xid bigint, sees_all boolean)
  language sql volatile security definer set search_path = pg_catalog as $$
  with h as (
    select 'session' as kind, application_name as name, pid, usename::text as role, state, xact_start as since,
           greatest(age(backend_xmin), age(backend_xid)) as age_xids
      from pg_stat_activity
     where pid <> pg_backend_pid() and backend_type <> 'autovacuum worker' and coalesce(backend_xmin, backend_xid) is not null
       and (datname = current_database() or datid is null)
    union all
    select 'prepared transaction', gid, null, owner::text, null, prepared, age(transaction) from pg_prepared_xacts where database = current_database()
    union all
    select 'replication slot', slot_name::text, active_pid, null, case when active then 'active' else 'inactive' end, null, age(xmin)
      from pg_replication_slots where xmin is not null and (database is null or database = current_database()))
  select v.*, pg_snapshot_xmax(pg_current_snapshot())::text::bigint, pg_has_role('pg_read_all_stats', 'usage')
    from (select 1) one left join lateral (select * from h order by age_xids desc limit 1) v on true $$;
comment on function maru.xmin_holders() is 'Who holds the oldest snapshot of this database; one row, its columns null when nobody does.';
revoke execute on function maru.xmin_holders() from public;
grant execute on function maru.xmin_holders() to maru_worker`;

/** What the care of the database looks at: who keeps dead rows from being cleaned. */
export class CreateDatabaseCare1764000000450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SEE_SESSIONS);
    await runAsOwner(runner, HOLDERS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop function maru.xmin_holders()');
  }
}
