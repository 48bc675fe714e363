import { outboxOf } from '../outbox.sql.js';
import { DELETE_LOCKED, lockedIn, lockedRow } from '../queue-row.sql.js';

/** Tenants that have rows in the queue, by a loose scan of its only index: one probe a tenant, whatever the backlog. */
export const ACTIVE_TENANTS = `
with recursive t as (
  (select tenant_id from maru.job_queue order by tenant_id limit 1)
  union all
  select (select q.tenant_id from maru.job_queue q where q.tenant_id > t.tenant_id order by q.tenant_id limit 1)
    from t where t.tenant_id is not null)
select t.tenant_id as "tenantId" from t where t.tenant_id is not null`;

/** Bulk claim through per-tenant windows. $1 tenants, $2 window sizes, $3 worker, $4 token, $5 lowest bands. Commit before any work. */
export const CLAIM = `
with c as materialized (
  select j.* from unnest($1::uuid[], $2::int[], $5::smallint[]) w(t, n, b)
   cross join lateral (
     select q.ctid as row from maru.job_queue q
      where q.tenant_id = w.t and q.band <= w.b and q.state = 0 and (q.run_at is null or q.run_at <= now()) and (q.deadline is null or q.deadline > now())
      order by q.tenant_id, q.band, q.id limit w.n for update skip locked) j),
u as (
  update maru.job_queue q
     set state = 1, attempt = q.attempt + 1, seq = q.seq + 1, worker = $3, token = $4, claimed_at = clock_timestamp()
   where ${lockedIn('c')}
  returning q.tenant_id, q.band, q.id, q.attempt, q.max_attempts, q.seq, q.token, q.claimed_at, q.deadline, q.lane)
select u.tenant_id as "tenantId", u.id as "jobId", u.band, u.attempt, u.max_attempts as "maxAttempts", u.seq, u.token::text,
       u.claimed_at as "claimedAt", u.deadline, u.lane = 1 as alone, coalesce(n.weight, 1) as weight,
       j.analyzer_slug as "analyzerSlug",
       j.analyzer_version as "analyzerVersion", j.test, j.trace_id as "traceId", j.input, j.pin
  from u
 cross join lateral (select * from maru.jobs j where j.tenant_id = u.tenant_id and j.id = u.id offset 0) j
  left join maru.tenants n on n.id = u.tenant_id`;

/** Earliest instant at which a row that waits for its run_at becomes ready; ms from now, null when none waits. */
export const NEXT_READY = `
select ceil(extract(epoch from run_at - clock_timestamp()) * 1000)::int as ms
  from maru.job_queue where state = 0 and run_at > now() order by run_at limit 1`;

/** The held ones that were asked to cancel. $1 tenants, $2 bands, $3 jobs. */
export const ASKED_TO_CANCEL = `
select q.id as "jobId", q.token::text
  from unnest($1::uuid[], $2::smallint[], $3::uuid[]) k(t, b, i)
 cross join lateral (
     select id, token from maru.job_queue where tenant_id = k.t and band = k.b and id = k.i and state = 2 offset 0) q`;

/** True while a worker is dead whose jobs may not all have been taken back. */
export const RECENTLY_BURIED = `
select exists (select from maru.workers where dead and lease_until > now() - interval '1 minute') as found`;

/** All rows of this worker, by a look at the whole queue: finds claims whose answer was lost. */
export const HELD = `
select tenant_id as "tenantId", band, id as "jobId", token::text, state, claimed_at < clock_timestamp() - interval '5 s' as settled
  from maru.job_queue where worker = $1`;

/** Locks up to 500 rows for a sweep; `last` is the seq up to which their history is written. */
const LOCKED = (condition: string): string => `
with r as materialized (select tenant_id, band, id from maru.job_queue q where ${condition} limit 500 for update skip locked)
select q.tenant_id as "tenantId", q.band, q.id as "jobId", q.state, q.attempt, q.max_attempts as "maxAttempts", q.seq,
       q.claimed_at as "claimedAt",
       greatest(coalesce((select t.seq + t.n - 1 from maru.job_timeline t
                           where t.tenant_id = q.tenant_id and t.job_id = q.id order by t.seq desc limit 1), 1), q.base) as last
  from maru.job_queue q join r using (tenant_id, band, id)`;
export const LOCK_OF_DEAD_WORKERS = LOCKED(
  'q.state in (1, 2) and not exists (select 1 from maru.workers w where w.id = q.worker and not w.dead)',
);
export const LOCK_LOST_CLAIMS = LOCKED(
  'q.state in (1, 2) and q.worker = $1::int and (q.id, q.token) in (select * from unnest($2::uuid[], $3::bigint[]))',
);
export const LOCK_EXPIRED = LOCKED('q.state = 0 and q.deadline <= now()');

/** A third party appends first; only what was appended goes on, and into the event log. $1 tenants, $2 jobs, $3 first seqs, $4 lengths, $5 attempts, $6 segments. */
export const APPEND = `
with e as (
  insert into maru.job_timeline (tenant_id, job_id, seq, n, attempt, items)
  select * from unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::smallint[], $5::smallint[], $6::text[])
  on conflict do nothing returning tenant_id, job_id, seq, n),
f as (
  insert into maru.job_feed (tenant_id, ids, seqs, ns)
  select tenant_id, array_agg(job_id), array_agg(seq), array_agg(n) from e group by tenant_id)
select tenant_id as "tenantId", job_id as "jobId" from e`;

/** Gives swept rows back: $1 tenants, $2 bands, $3 jobs, $4 last seqs, $5 delays in ms. */
export const RELEASE = `
with c as materialized (
  select q.row, k.s as last, k.delay
    from unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::smallint[], $5::int[]) k(t, b, i, s, delay)
   ${lockedRow('true')})
update maru.job_queue q
   set state = 0, token = null, worker = null, claimed_at = null,
       (seq, base, run_at) = (select last, last, clock_timestamp() + delay * interval '1 ms' from c where c.row = q.ctid)
 where ${lockedIn('c')}`;

/** Ends swept rows: $1 tenants, $2 bands, $3 jobs, $4 last seqs, $5 statuses, $6 reasons, $7 errors. */
export const CLOSE = `
with c as materialized (
  select k.t as tenant_id, k.i as id, q.row, q.attempt, k.s, k.status, k.reason, k.error
    from unnest($1::uuid[], $2::smallint[], $3::uuid[], $4::smallint[], $5::smallint[], $6::text[], $7::json[]) k(t, b, i, s, status, reason, error)
   ${lockedRow('true')}),
${DELETE_LOCKED},
e as (
  insert into maru.job_ends (tenant_id, id, status, attempt, seq, cancel_reason, error)
  select tenant_id, id, status, attempt, s, reason, error from c)
${outboxOf('c', 's')}`;
