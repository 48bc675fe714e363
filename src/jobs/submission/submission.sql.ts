/**
 * Writes jobs of many tenants in one statement. One unnest carries every column (two joined ones become quadratic under
 * a generic plan). `a` keeps what the tenant may run, `k` takes idempotency keys, `n` says which jobs are written.
 * `r` notes which files a job needs; a job without files costs nothing there.
 * maru_ingest may not read jobs, hence no RETURNING: the answer comes from `n`. $21 is how many jobs were sent: ids come
 * back only when fewer were written.
 */
const submit = (onTakenKey: string, n: string): string => `
with a as materialized (
  select u.*
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::smallint[], $8::bool[],
                $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::json[], $14::json[], $15::text[], $16::text[],
                $17::uuid[], $18::uuid[], $19::json[], $20::text[])
         u(t, i, an, slug, version, prio, tries, test, deadline, by, trace, digest, meta, input, key, fp, retried, rerun, pin, files)
   cross join lateral (select from maru.analyzers x where x.tenant_id = u.t and x.id = u.an and x.enabled offset 0) x),
k as (
  insert into maru.idempotency_keys (tenant_id, key, fingerprint, job_id)
  select t, key, fp, i from a where key is not null
  ${onTakenKey}
  returning job_id),
n as ${n},
j as (
  insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, test, created_at,
                         deadline, created_by, trace_id, input_digest, metadata, input, retried_from, rerun_of, pin)
  select t, i, an, slug, version, prio, tries, test, now(), deadline, by, trace, digest, meta::jsonb, input, retried, rerun, pin from n where created),
q as (
  insert into maru.job_queue (tenant_id, band, id, max_attempts, deadline)
  select t, prio, i, tries, deadline from n where created),
r as (
  insert into maru.job_files (tenant_id, file_id, job_id)
  select t, unnest(files::uuid[]), i from n where created and files is not null),
f as (
  insert into maru.job_feed (tenant_id, ids, seqs, ns)
  select t, array_agg(i), array_agg(1::smallint), array_agg(1::smallint) from n where created group by t)
select now() as at, pg_current_xact_id()::text as xid, count(*) filter (where created)::int as created,
       case when count(*) filter (where created) < $21 then array_agg(i) filter (where created) end as ids,
       array_agg(i) filter (where not created) as taken
  from n`;

/** A taken key fails the whole statement (23505): a key is looked up before it is sent, so it is taken by a race alone. */
export const SUBMIT = submit('', 'not materialized (select a.*, true as created from a)');

/**
 * Writes what took its key, whoever else wants it. Twice the work for each key: its insert looks first, holds a lock and
 * logs two records. `in (select ...)` under an `or` stays a hashed subplan, so nothing here is quadratic either.
 */
export const SUBMIT_CONTESTED = submit(
  'on conflict (tenant_id, key) do nothing',
  'materialized (select a.*, (key is null or i in (select job_id from k)) as created from a)',
);

/** The jobs that keys made. $1 tenants, $2 keys. */
export const FIND_KEYS = `
select k.tenant_id as "tenantId", k.key, k.fingerprint, k.job_id as "jobId"
  from unnest($1::uuid[], $2::text[]) u(t, key)
  cross join lateral (select * from maru.idempotency_keys k where k.tenant_id = u.t and k.key = u.key offset 0) k`;
