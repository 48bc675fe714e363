/**
 * Writes jobs of many tenants in one statement. One unnest carries every column (two joined ones become quadratic under
 * a generic plan). `a` keeps what the tenant may run, `k` takes idempotency keys, and a job is written when it has no key
 * or just took it. `in (select ...)` under an `or` stays a hashed subplan, so nothing here is quadratic either.
 * maru_ingest may not read jobs, hence no RETURNING: the answer comes from `a`.
 */
export const SUBMIT = `
with a as materialized (
  select u.*, clock_timestamp() as at
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::smallint[], $8::bool[],
                $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::json[], $14::json[], $15::text[], $16::text[],
                $17::uuid[], $18::uuid[], $19::json[])
         u(t, i, an, slug, version, prio, tries, test, deadline, by, trace, digest, meta, input, key, fp, retried, rerun, pin)
    join maru.analyzers x on x.tenant_id = u.t and x.id = u.an and x.enabled),
k as (
  insert into maru.idempotency_keys (tenant_id, key, fingerprint, job_id)
  select t, key, fp, i from a where key is not null
  on conflict (tenant_id, key) do nothing
  returning job_id),
n as materialized (
  select a.*, (key is null or i in (select job_id from k)) as created from a),
j as (
  insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, test, created_at,
                         deadline, created_by, trace_id, input_digest, metadata, input, retried_from, rerun_of, pin)
  select t, i, an, slug, version, prio, tries, test, at, deadline, by, trace, digest, meta::jsonb, input, retried, rerun, pin from n where created),
q as (
  insert into maru.job_queue (tenant_id, band, id, max_attempts, deadline)
  select t, prio, i, tries, deadline from n where created),
f as (
  insert into maru.job_feed (tenant_id, ids, seqs, ns)
  select t, array_agg(i), array_agg(1::smallint), array_agg(1::smallint) from n where created group by t)
select i as id, created, at from n`;

/** The jobs that keys made. $1 tenants, $2 keys. */
export const FIND_KEYS = `
select k.tenant_id as "tenantId", k.key, k.fingerprint, k.job_id as "jobId"
  from unnest($1::uuid[], $2::text[]) u(t, key)
  join maru.idempotency_keys k on k.tenant_id = u.t and k.key = u.key`;
