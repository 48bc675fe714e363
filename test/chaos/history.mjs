// Reads the whole history as superuser, with statements of its own: nothing here is shared with the product.

const PAGE = 2_000;
const JOBS = `
select j.tenant_id::text as tenant, j.id::text, (extract(epoch from j.created_at) * 1000)::float8 as "createdMs", j.metadata->>'key' as key,
       j.input_digest as "inputDigest", q.state as "queueState", q.attempt as "queueAttempt", q.seq as "queueSeq",
       (extract(epoch from q.run_at) * 1000)::float8 as "runMs"
  from maru.jobs j left join maru.job_queue q on (q.tenant_id, q.id) = (j.tenant_id, j.id)
 where j.id > $1 order by j.id limit ${PAGE}`;
const SEGMENTS = `
select job_id::text as id, seq, n, attempt, items from maru.job_timeline where job_id > $1 and job_id <= $2 order by job_id, seq`;
const ENDS = `
select id::text, status, attempt, seq, (extract(epoch from finished_at) * 1000)::float8 as "finishedMs", device_us::float8 as "deviceUs",
       result is not null as "hasResult", result->>'digest' as "resultDigest", error->>'code' as "errorCode", log
  from maru.job_ends where id > $1 and id <= $2`;
const LEDGER = 'select job_id::text as id, attempt from maru.usage_ledger where job_id > $1 and job_id <= $2';
const FEED = 'select unnest(ids)::text as id, unnest(seqs) as seq, unnest(ns) as n from maru.job_feed';

/** Every job there is, one by one: its row with `segments`, `ends`, `ledger` and what the tenant's event log says of it. */
export async function* readJobs(database) {
  const feed = groupById(await database.rows(FEED));
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const jobs = await database.rows(JOBS, [after]);
    if (jobs.length === 0) return;
    const range = [after, (after = jobs.at(-1).id)];
    const [segments, ends, ledger] = await Promise.all(
      [SEGMENTS, ENDS, LEDGER].map(async (text) => groupById(await database.rows(text, range))),
    );
    for (const job of jobs) {
      const of = (groups) => groups.get(job.id) ?? [];
      yield { ...job, segments: of(segments), ends: of(ends), ledger: of(ledger), feed: of(feed) };
    }
  }
}

/** The uuid behind a public id: 26 digits of Crockford's base 32 after the underscore. */
export function uuidOf(publicId) {
  let number = 0n;
  for (const digit of publicId.split('_')[1]) number = number * 32n + BigInt(DIGITS.indexOf(digit));
  const hex = number.toString(16).padStart(32, '0');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';

function groupById(rows) {
  return Map.groupBy(rows, ({ id }) => id);
}
