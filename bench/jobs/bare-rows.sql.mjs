/*
 * The product's statements without what makes them safe and visible: no proof that the analyzer is the tenant's, no look
 * at the fence, no event log, no outbox. They take the same parameters and write the same rows of the job itself.
 */
const KEYS = '$1::uuid[], $2::smallint[], $3::uuid[], $4::bigint[]';
const SEGMENTS = '$5::smallint[], $6::smallint[], $7::text[]';
const DONE = 'select $8::int as n, null::uuid[] as ids';

const SUBMIT = `
with u as materialized (
  select *
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::smallint[], $7::smallint[], $8::bool[],
                $9::timestamptz[], $10::text[], $11::text[], $12::text[], $13::json[], $14::json[], $15::text[], $16::text[],
                $17::uuid[], $18::uuid[], $19::json[], $20::text[])
         u(t, i, an, slug, version, prio, tries, test, deadline, by, trace, digest, meta, input, key, fp, retried, rerun, pin, files)),
k as (insert into maru.idempotency_keys (tenant_id, key, fingerprint, job_id) select t, key, fp, i from u),
j as (
  insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, test, created_at,
                         deadline, created_by, trace_id, input_digest, metadata, input, retried_from, rerun_of, pin)
  select t, i, an, slug, version, prio, tries, test, now(), deadline, by, trace, digest, meta::jsonb, input, retried, rerun, pin from u),
q as (insert into maru.job_queue (tenant_id, band, id, max_attempts, deadline) select t, prio, i, tries, deadline from u)
select now() as at, '0' as xid, $21::int as created, null::uuid[] as ids, null::uuid[] as taken`;

const PROGRESS = `
with e as (
  insert into maru.job_timeline (tenant_id, job_id, seq, n, attempt, items)
  select k.t, k.i, k.s, k.n, 1, k.items from unnest(${KEYS}, ${SEGMENTS}) k(t, b, i, lt, s, n, items))
${DONE}`;

const FINISH = `
with k as materialized (
  select * from unnest(${KEYS}, ${SEGMENTS}, $9::smallint[], $10::text[], $11::int[], $12::bigint[], $13::json[], $14::json[],
                       $15::json[], $16::json[])
                k(t, b, i, lt, s, n, items, status, reason, units, us, model, error, result, verdict)),
d as (
  delete from maru.job_queue where ctid = any (array(
    select q.ctid from k cross join lateral (
      select ctid from maru.job_queue q where q.tenant_id = k.t and q.band = k.b and q.id = k.i offset 0) q))),
e as (
  insert into maru.job_ends (tenant_id, id, status, attempt, seq, cancel_reason, units, device_us, model, error, result, rerun_verdict, log)
  select t, i, status, 1, s + n - 1, reason, units, us, model, error, result, verdict, items from k),
l as (insert into maru.usage_ledger (tenant_id, job_id, attempt, kind, units, device_us) select t, i, 1, 1, units, us from k)
${DONE}`;

/** By the product's names of its statements; the claim stays as it is. */
export const BARE_ROWS = { 'job-submit': SUBMIT, 'job-progress': PROGRESS, 'job-finish': FINISH };
