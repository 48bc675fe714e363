/** Transitions of a job of these benchmarks: queued, started, four stages, succeeded. */
const TRANSITIONS = 7;

/** Proves of the newest `count` jobs that each ended once, with a gapless history, one ledger entry and its outbox row. */
export async function checkHistory(place, count) {
  const { rows } = await place.client.query(
    `with j as materialized (select tenant_id, id from maru.jobs order by id desc limit $1),
     h as (
       select j.*, t.outbox, e.status, e.seq,
              1 + coalesce((select sum(s.n) from maru.job_timeline s where s.tenant_id = j.tenant_id and s.job_id = j.id), 0)
                + json_array_length(('[' || e.log || ']')::json) as written
         from j join maru.tenants t on t.id = j.tenant_id
         left join maru.job_ends e on e.tenant_id = j.tenant_id and e.id = j.id)
     select count(*)::int as jobs,
            count(*) filter (where status = 1 and seq = $2 and written = $2)::int as whole,
            count(*) filter (where outbox)::int as "outboxDue",
            (select count(*)::int from maru.outbox) as outbox,
            (select count(*)::int from maru.job_queue) as queued,
            (select count(*)::int from maru.usage_ledger l join j on j.tenant_id = l.tenant_id and j.id = l.job_id) as ledger
       from h`,
    [count, TRANSITIONS],
  );
  const { jobs, whole, outboxDue, outbox, queued, ledger } = rows[0];
  if (jobs !== count || whole !== count || outbox !== outboxDue || queued !== 0 || ledger !== count)
    throw new Error(`the history is not whole: ${JSON.stringify({ count, ...rows[0] })}`);
  await place.client.query('truncate maru.outbox');
}
