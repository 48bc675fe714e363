import { outboxOf } from '../outbox.sql.js';
import { DELETE_LOCKED, lockedIn, lockedRow, rowOf } from '../queue-row.sql.js';

/*
 * Every statement carries its columns through ONE unnest (a join of two becomes a quadratic nested loop under a generic
 * plan), looks each queue row up by its key and re-checks the fencing token under the row's lock.
 * $1 tenants, $2 bands, $3 jobs, $4 tokens, $5 first seqs, $6 lengths, $7 segments, $8 how many rows were sent.
 * Ids come back only when fewer rows were written than sent.
 */
const KEYS = '$1::uuid[], $2::smallint[], $3::uuid[], $4::bigint[]';
const SEGMENTS = '$5::smallint[], $6::smallint[], $7::text[]';
const HELD = 'q.token = k.lt and q.state = 1';
const count = (cte: string, n = 'count(*)::int'): string =>
  `select ${n} as n, case when count(*) < $8::int then array_agg(id) end as ids from ${cte}`;

/** Tells the tenant's event log what a CTE wrote. */
const feedOf = (cte: string, first: string, n: string): string => `f as (
  insert into maru.job_feed (tenant_id, ids, seqs, ns)
  select tenant_id, array_agg(id), array_agg((${first})::smallint), array_agg(${n}) from ${cte} group by tenant_id)`;

/** Appending at the expected seq is a compare-and-swap, by the key of the segments. */
const progress = (onTakenSeq: string): string => `
with e as (
  insert into maru.job_timeline (tenant_id, job_id, seq, n, attempt, items)
  select k.t, k.i, k.s, k.n, q.attempt, k.items
    from unnest(${KEYS}, ${SEGMENTS}) k(t, b, i, lt, s, n, items)
   ${rowOf(HELD)}
  ${onTakenSeq}
  returning tenant_id, job_id as id, seq, n),
${feedOf('e', 'seq', 'n')}
${count('e')}`;

/** One row that lost the race fails all of them (23505); that is rare, and an insert that need not look first costs half. */
export const PROGRESS = progress('');

/** A row that lost the race is simply not written. */
export const PROGRESS_CONTESTED = progress('on conflict do nothing');

const END_COLUMNS =
  '$9::smallint[], $10::text[], $11::int[], $12::bigint[], $13::json[], $14::json[], $15::json[], $16::json[]';
const FOUND_COLUMNS =
  'k.t as tenant_id, k.i as id, q.row, q.attempt, k.n, k.items, k.status, k.reason, k.units, k.us, k.model, k.error, k.result, k.verdict';
const FOUND = `from unnest(${KEYS}, ${SEGMENTS}, ${END_COLUMNS}) k(t, b, i, lt, s, n, items, status, reason, units, us, model, error, result, verdict)`;
const ENDS = `
${DELETE_LOCKED},
e as (
  insert into maru.job_ends (tenant_id, id, status, attempt, seq, cancel_reason, units, device_us, model, error, result, rerun_verdict, log)
  select tenant_id, id, status, attempt, last, reason, units, us, model, error, result, verdict, items from c),
l as (
  insert into maru.usage_ledger (tenant_id, job_id, attempt, kind, units, device_us)
  select tenant_id, id, attempt, 1, units, us from c where us > 0),
o as (${outboxOf('c', 'last')}),
${feedOf('c', 'last - n + 1', 'n')}
${count('c', 'count(*)::int / (count(*) = (select count(*) from d))::int')}`;

/** Delete from the queue, insert the end: whoever deletes the row is the only one who can end the job. */
export const FINISH = `
with c as materialized (
  select ${FOUND_COLUMNS}, k.s + k.n - 1 as last
    ${FOUND}
   ${lockedRow(HELD)}),
${ENDS}`;

/** The same for a job in canceling: only the canceller wrote after this worker's last flush, so the log knows the seq. */
export const FINISH_CANCELING = `
with c as materialized (
  select ${FOUND_COLUMNS},
         k.n + (select t.seq + t.n - 1 from maru.job_timeline t
                 where t.tenant_id = k.t and t.job_id = k.i order by t.seq desc limit 1) as last
    ${FOUND}
   ${lockedRow('q.token = k.lt and q.state = 2')}),
${ENDS}`;

/** Back to the queue: $9 delays in ms, $10 lanes, $11 further tries. */
export const REQUEUE = `
with c as materialized (
  select k.t as tenant_id, k.i as id, q.row, q.attempt, k.s, k.n, k.s + k.n - 1 as last, k.items, k.delay, k.lane, k.free
    from unnest(${KEYS}, ${SEGMENTS}, $9::int[], $10::smallint[], $11::smallint[]) k(t, b, i, lt, s, n, items, delay, lane, free)
   ${lockedRow(HELD)}),
u as (
  update maru.job_queue q
     set state = 0, token = null, worker = null, claimed_at = null,
         (seq, base, lane, max_attempts, run_at) = (
           select last, last, c.lane, q.max_attempts + free, clock_timestamp() + delay * interval '1 ms' from c where c.row = q.ctid)
   where ${lockedIn('c')}),
e as (
  insert into maru.job_timeline (tenant_id, job_id, seq, n, attempt, items) select tenant_id, id, s, n, attempt, items from c),
${feedOf('c', 's', 'n')}
${count('c')}`;

/**
 * What became of flushes that were not written, or whose answer was lost. $5 first seqs, $6 segments. A reaper writes at
 * the seq that a stale worker believes to be its own, and may end the very attempt: only the same words at that place, and
 * an end with the worker's own last segment, are this attempt's.
 */
export const INSPECT = `
select k.i as "jobId", q.token is not distinct from k.lt as mine, q.state,
       exists (select 1 from maru.job_timeline t
                where t.tenant_id = k.t and t.job_id = k.i and t.seq = k.s and t.items = k.items) as logged,
       case when e.log is not null then e.attempt end as "endedAttempt"
  from unnest(${KEYS}, $5::smallint[], $6::text[]) k(t, b, i, lt, s, items)
  left join lateral (select * from maru.job_queue q where q.tenant_id = k.t and q.band = k.b and q.id = k.i offset 0) q on true
  left join lateral (select * from maru.job_ends e where e.tenant_id = k.t and e.id = k.i offset 0) e on true`;
