/*
 * Erasing the data of jobs that have ended. $1 tenant, $2 jobs in ascending order, $3 the first, $4 the last of them: the
 * bounds let the planner skip parts of the tables. Locks are taken in one order everywhere: jobs, ends, then files by id.
 */
const ONES = `= any ($2::uuid[]) and`;

/** Locks what is not erased yet; `files` are the public ids that the input names (see inputFileIds). */
export const LOCK_JOBS = `
select j.id, case when json_typeof(j.input) = 'object' then array(
         select v.value ->> 'fileId' from json_each(j.input) v
          where json_typeof(v.value) = 'object' and v.value ->> 'fileId' is not null) end as files
  from maru.jobs j
 where j.tenant_id = $1 and j.id ${ONES} j.id between $3 and $4 and j.erased_at is null
 order by j.id for update`;

export const ERASE_INPUTS = `
with u as (
  update maru.jobs j set input = null, erased_at = clock_timestamp()
   where j.tenant_id = $1 and j.id ${ONES} j.id between $3 and $4 returning 1)
select count(*)::int as n from u`;

/** The digest of a result stays with the timeline's receipt; the whole result goes. */
export const ERASE_RESULTS = `
with u as (
  update maru.job_ends e set result = null
   where e.tenant_id = $1 and e.id ${ONES} e.id between $3 and $4 and e.result is not null returning 1)
select count(*)::int as n from u`;

/** Whoever erases jobs locks their files first, so that of two who erase the last two jobs of a file one sees it free. $1 tenant, $2 files. */
export const LOCK_FILES = `
select id from maru.files where tenant_id = $1 and id = any ($2::uuid[]) and purpose = 'job_input' order by id for update`;

/** $1 tenant, $2 files, $3 the job that needed each. */
export const UNLINK_FILES = `
with d as (
  delete from maru.job_files f using unnest($2::uuid[], $3::uuid[]) k(file, job)
   where f.tenant_id = $1 and f.file_id = k.file and f.job_id = k.job returning 1)
select count(*)::int as n from d`;

/** From here on nobody may use them; their bytes go after the commit. $1 tenant, $2 locked files. */
export const EXPIRE_FILES = `
with u as (
  update maru.files f set status = 'expired'
   where f.tenant_id = $1 and f.id = any ($2::uuid[])
     and not exists (select from maru.job_files n where n.tenant_id = f.tenant_id and n.file_id = f.id)
  returning f.id)
select id from u`;

/** Forgets files whose bytes are gone. $1 tenant, $2 files. */
export const FORGET_FILES = `
with d as (
  delete from maru.files where tenant_id = $1 and id = any ($2::uuid[]) and status = 'expired' and purpose = 'job_input' returning 1)
select count(*)::int as n from d`;
