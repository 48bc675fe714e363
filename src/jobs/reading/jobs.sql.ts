/** Results up to this size, as JSON text, travel inside the job; larger ones are read at /result. */
export const INLINE_RESULT_BYTES = 64 * 1024;

/** RFC 3339, UTC, milliseconds; the same text that the driver and `Date` make of the column. */
const iso = (column: string): string => `to_char(${column} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** `result` as a SQL expression over `e`: whole, inline-sized only, or none. */
const RESULTS = {
  whole: 'e.result',
  inline: `case when octet_length(e.result::text) <= ${INLINE_RESULT_BYTES} then e.result end`,
  none: 'null::json',
} as const;
/** How much of a result a read wants. */
export type ResultDetail = keyof typeof RESULTS;

/** Input and result of an ended job are kept for as long as its tenant's setting says. */
const EXPIRY = `(e.finished_at + make_interval(days => coalesce(
  (select t.retention_days from maru.tenants t where t.id = j.tenant_id), 30)))`;

const QUEUE_ROW = `(
  select json_build_object('state', q.state, 'attempt', q.attempt, 'seq', q.seq, 'claimedAt', ${iso('q.claimed_at')})
    from maru.job_queue q where q.tenant_id = j.tenant_id and q.band = j.priority and q.id = j.id)`;

/** What the plan of its time bills for a job. Without any price, which is asked once a statement, it costs nothing. */
const AMOUNT = `case when e.units > 0 and (select exists (select from maru.plan_prices)) then (
  select json_build_object('value', trim_scale(p.unit_price * e.units)::text, 'currency', p.currency)
    from maru.price_at(j.tenant_id, e.finished_at) p) end`;

const endRow = (detail: ResultDetail): string => `(
  select json_build_object('status', e.status, 'attempt', e.attempt, 'seq', e.seq, 'finishedAt', ${iso('e.finished_at')},
           'units', e.units, 'deviceUs', e.device_us, 'cancelReason', e.cancel_reason, 'model', e.model, 'error', e.error,
           'amount', ${AMOUNT}, 'result', ${RESULTS[detail]}, 'rerunVerdict', e.rerun_verdict, 'expiresAt', ${iso(EXPIRY)}, 'log', e.log)
    from maru.job_ends e where e.tenant_id = j.tenant_id and e.id = j.id)`;

const SEGMENTS = `coalesce((
  select json_agg(json_build_object('seq', t.seq, 'n', t.n, 'attempt', t.attempt, 'items', t.items) order by t.seq)
    from maru.job_timeline t where t.tenant_id = j.tenant_id and t.job_id = j.id), '[]')`;

/** The columns of JobRows over `j`: a job's rows in one snapshot, since its queue row may turn into an end at any time. */
export function jobColumns(detail: ResultDetail): string {
  return `j.tenant_id as "tenantId", j.id, j.analyzer_slug as "analyzerSlug", j.analyzer_version as "analyzerVersion",
    j.priority, j.max_attempts as "maxAttempts", j.test, j.created_at as "createdAt", j.deadline, j.trace_id as "traceId",
    j.input_digest as "inputDigest", j.metadata, j.input, j.retried_from as "retriedFrom", j.rerun_of as "rerunOf",
    j.erased_at as "erasedAt",
    ${QUEUE_ROW} as queue, ${endRow(detail)} as "end", ${SEGMENTS} as segments`;
}

/** One job. $1 tenant, $2 id. */
export const findJob = (detail: ResultDetail): string =>
  `select ${jobColumns(detail)} from maru.jobs j where j.tenant_id = $1 and j.id = $2`;

/** Rows of several jobs by their keys, one index probe each. $1 tenant, $2 ids. */
const keyed = (columns: string): string => `
select ${columns}
  from unnest($2::uuid[]) u(id)
 cross join lateral (select * from maru.jobs j where j.tenant_id = $1 and j.id = u.id limit 1) j`;

/** Several jobs. $1 tenant, $2 ids. */
export const FIND_JOBS = keyed(jobColumns('inline'));

/** The timelines of several jobs, without their inputs and results. $1 tenant, $2 ids. */
export const FIND_TIMELINES = keyed(`j.id, j.created_at as "createdAt", ${QUEUE_ROW} as queue, (
  select json_build_object('status', e.status, 'attempt', e.attempt, 'seq', e.seq, 'log', e.log)
    from maru.job_ends e where e.tenant_id = j.tenant_id and e.id = j.id) as "end", ${SEGMENTS} as segments`);

/** Jobs of the tenant that wait before this one, counted up to a bound. $1 tenant, $2 band, $3 id, $4 bound. */
export const COUNT_AHEAD = `
select count(*)::int as ahead from (
  select from maru.job_queue q
   where q.tenant_id = $1 and q.state = 0 and (q.band, q.id) < ($2::smallint, $3::uuid) limit $4) q`;

/**
 * How many jobs of the tenant wait before each of several, in one pass over its queue up to a bound; no row for one that
 * does not wait or lies behind the bound. $1 tenant, $2 ids, $3 bound.
 */
export const COUNT_AHEAD_OF = `
select p.id, p.ahead from (
  select q.id, (row_number() over (order by q.band, q.id) - 1)::int as ahead
    from maru.job_queue q where q.tenant_id = $1 and q.state = 0 order by q.band, q.id limit $3) p
 where p.id = any ($2::uuid[])`;

/** The newest seq of each watched job. $1 tenant, $2 ids. */
export const LAST_SEQS = `
select u.id, greatest(coalesce(e.seq, 1), coalesce(q.seq, 1), coalesce(t.last, 1))::int as seq
  from unnest($2::uuid[]) u(id)
  left join maru.job_ends e on e.tenant_id = $1 and e.id = u.id
  left join lateral (
    select q.seq from maru.job_queue q
     where q.tenant_id = $1 and q.band = any ('{0,1,2}'::smallint[]) and q.id = u.id limit 1) q on true
  left join lateral (
    select t.seq + t.n - 1 as last from maru.job_timeline t
     where t.tenant_id = $1 and t.job_id = u.id order by t.seq desc limit 1) t on true`;
