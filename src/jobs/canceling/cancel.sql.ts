import { outboxOf } from '../outbox.sql.js';

const iso = (expression: string): string =>
  `to_char(${expression} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** Locks the queue row of a job. `last` is the seq up to which its history is written. $1 tenant, $2 job. */
export const LOCK = `
select q.band, q.state, q.attempt, q.seq, ${iso('q.claimed_at')} as "claimedAt", ${iso('clock_timestamp()')} as now,
       greatest(q.base, coalesce((select t.seq + t.n - 1 from maru.job_timeline t
                                   where t.tenant_id = q.tenant_id and t.job_id = q.id order by t.seq desc limit 1), 1)) as last
  from maru.job_queue q
 where q.tenant_id = $1 and q.band = any ('{0,1,2}'::smallint[]) and q.id = $2
   for update`;

/** Appends a segment; no row back means that a worker's flush took the place. $1 tenant, $2 job, $3 seq, $4 n, $5 attempt, $6 items. */
export const APPEND = `
with e as (
  insert into maru.job_timeline (tenant_id, job_id, seq, n, attempt, items) values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing returning tenant_id, job_id, seq, n),
f as (
  insert into maru.job_feed (tenant_id, ids, seqs, ns) select tenant_id, array[job_id], array[seq], array[n] from e)
select seq from e`;

/** Takes a job that never started, or waits for another attempt, out of the queue. $1 tenant, $2 band, $3 job. */
export const REMOVE = 'delete from maru.job_queue where tenant_id = $1 and band = $2 and id = $3';

/** Ends a job as canceled by the client; its last segment is in the timeline. $1 tenant, $2 job, $3 attempt, $4 seq, $5 at. */
export const END = `
with e as (
  insert into maru.job_ends (tenant_id, id, status, attempt, seq, finished_at, cancel_reason)
  values ($1, $2, 3, $3, $4, $5::timestamptz, 'client') returning tenant_id, id, status, seq)
${outboxOf('e', 'seq')}`;

/** Asks the worker that holds the job. $1 tenant, $2 band, $3 job. */
export const ASK = 'update maru.job_queue set state = 2 where tenant_id = $1 and band = $2 and id = $3';
