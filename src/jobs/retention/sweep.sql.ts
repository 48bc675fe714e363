/** Ids of jobs that were submitted before the tenant's retention began are below this. `t` is maru.tenants. */
const KEPT_SINCE = `now() - make_interval(days => t.retention_days)`;
const NEXT = (mark: string): string => `
  select from maru.jobs j where j.tenant_id = t.id and j.id > ${mark} and j.id < maru.uuid_floor(${KEPT_SINCE})`;
const LATE_ENDED = `
  select from maru.job_retention_late l join maru.job_ends e on e.tenant_id = l.tenant_id and e.id = l.id
   where l.tenant_id = t.id and e.finished_at < ${KEPT_SINCE}`;

/** Gives every tenant its mark; new ones start before all jobs. */
export const ENSURE_MARKS = `
insert into maru.job_retention (tenant_id, erased_through)
select id, '00000000-0000-0000-0000-000000000000' from maru.tenants on conflict do nothing`;

/** Tenants that have something to erase, or to look at. */
export const DUE_TENANTS = `
select t.id from maru.tenants t join maru.job_retention r on r.tenant_id = t.id
 where exists (${NEXT('r.erased_through')}) or exists (${LATE_ENDED})`;

/** Moves the marks of tenants without old jobs, at most once a day: parts of the tables go only when all marks have passed them. */
export const MOVE_IDLE_MARKS = `
update maru.job_retention r set erased_through = maru.uuid_floor(${KEPT_SINCE})
  from maru.tenants t
 where t.id = r.tenant_id and r.erased_through < maru.uuid_floor(${KEPT_SINCE} - interval '1 day')
   and not exists (${NEXT('r.erased_through')})`;

/** One process at a time works on a tenant; no row back means that another one does. $1 tenant. */
export const LOCK_MARK = `
select r.erased_through as mark, ${KEPT_SINCE} as "keptSince", maru.uuid_floor(${KEPT_SINCE}) as until
  from maru.job_retention r join maru.tenants t on t.id = r.tenant_id
 where r.tenant_id = $1 for update of r skip locked`;

/** The next jobs behind the mark. `due`: ended long enough ago. $1 tenant, $2 mark, $3 until, $4 kept since, $5 limit. */
export const NEXT_JOBS = `
select j.id, j.erased_at is not null as erased, coalesce(e.finished_at < $4::timestamptz, false) as due
  from maru.jobs j
  left join maru.job_ends e on e.tenant_id = j.tenant_id and e.id = j.id and e.id > $2 and e.id < $3
 where j.tenant_id = $1 and j.id > $2 and j.id < $3
 order by j.tenant_id, j.id limit $5`;

/** Jobs that the mark passed too early and whose time has come. $1 tenant, $2 kept since, $3 limit. */
export const LATE_JOBS = `
select l.id
  from maru.job_retention_late l
  join maru.job_ends e on e.tenant_id = l.tenant_id and e.id = l.id
 where l.tenant_id = $1 and e.finished_at < $2::timestamptz
 order by l.tenant_id, l.id limit $3`;

/** $1 tenant, $2 jobs. */
export const ADD_LATE = `
insert into maru.job_retention_late (tenant_id, id) select $1, unnest($2::uuid[]) on conflict do nothing`;
export const REMOVE_LATE = `
delete from maru.job_retention_late where tenant_id = $1 and id = any ($2::uuid[])`;

/** $1 tenant, $2 mark. */
export const MOVE_MARK = `
update maru.job_retention set erased_through = $2 where tenant_id = $1`;

/** Uploads that are older than the tenant's retention and that no job needs: never used, or left over. $1 limit. */
export const EXPIRE_ORPHANS = `
with o as materialized (
  select f.tenant_id, f.id from maru.tenants t
   cross join lateral (
     select f.tenant_id, f.id from maru.files f
      where f.tenant_id = t.id and f.id < maru.uuid_floor(${KEPT_SINCE}) and f.purpose = 'job_input' and f.status <> 'expired'
        and not exists (select from maru.job_files n where n.tenant_id = f.tenant_id and n.file_id = f.id)
      order by f.tenant_id, f.id limit $1 for update skip locked) f
   limit $1),
u as (
  update maru.files f set status = 'expired' from o where f.tenant_id = o.tenant_id and f.id = o.id returning 1)
select count(*)::int as n from u`;

/** Files whose bytes have to go, by tenant. $1 limit. */
export const EXPIRED_FILES = `
select tenant_id as "tenantId", id from maru.files
 where status = 'expired' and purpose = 'job_input' order by tenant_id, id limit $1`;
