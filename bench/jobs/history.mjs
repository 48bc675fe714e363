/** How far back the history reaches, weeks: its rows are spread evenly over the weekly partitions of this time. */
const WEEKS = 10;
const SLICE = 250_000;

/** Makes the partitions of past weeks, as the product would have made them then. */
async function pastPartitions(client) {
  await client.query(`do $$
    declare at timestamptz; stop timestamptz; t text; part text; begin
      for week in 1..${WEEKS} loop
        at := date_trunc('week', now(), 'UTC') - week * interval '7 days';
        stop := at + interval '7 days';
        foreach t in array array['jobs', 'job_ends', 'job_timeline'] loop
          part := t || '_p' || to_char(at at time zone 'UTC', 'YYYYMMDD');
          if to_regclass('maru.' || part) is null then
            execute format('create table maru.%I partition of maru.%I for values from (%L) to (%L)', part, t,
              maru.uuid_floor(at), maru.uuid_floor(stop));
            execute format('alter table maru.%1$I owner to maru_owner; alter table maru.%1$I enable row level security; alter table maru.%1$I force row level security', part);
          end if;
        end loop;
      end loop;
    end $$`);
}

/**
 * Loads `count` ended jobs of these tenants: their rows in jobs, job_timeline and job_ends. Ids are version 7 of instants
 * evenly spread over the past weeks up to now.
 */
export async function loadHistory(client, tenants, count) {
  await pastPartitions(client);
  await client.query(`create temporary table tenant_of (n int primary key, id uuid, analyzer uuid)`);
  await client.query(
    `insert into tenant_of select n - 1, t, a from unnest($1::uuid[], $2::uuid[]) with ordinality u(t, a, n)`,
    [tenants.map((t) => t.tenantId), tenants.map((t) => t.analyzerId)],
  );
  for (let from = 0; from < count; from += SLICE)
    await loadSlice(client, tenants.length, from, Math.min(SLICE, count - from), count);
  await client.query('drop table tenant_of');
  await client.query('analyze maru.jobs, maru.job_ends, maru.job_timeline');
}

async function loadSlice(client, tenants, from, size, count) {
  await client.query(
    `create temporary table h as
     select t.id as tenant, t.analyzer, s.at,
            (substr(floored, 1, 14) || '7' || substr(floored, 16, 4) || '8' || substr(md5(g::text), 1, 3) || '-' || substr(md5(g::text), 4, 12))::uuid as job
       from generate_series($1::bigint, $1::bigint + $2::bigint - 1) g
       join tenant_of t on t.n = g % $3
      cross join lateral (select now() - (1 - g::float8 / $4) * interval '${WEEKS} weeks' as at) s
      cross join lateral (select maru.uuid_floor(s.at)::text as floored) f`,
    [from, size, tenants, count],
  );
  await client.query(`
    insert into maru.jobs (tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, created_at, input_digest, input)
    select tenant, job, analyzer, 'surface-inspection', '1.0.0', 1, 3, at, 'sha256:0', '{"image":{"fileId":"file_01m8323f50ecdtnmz19wr9rz7h"},"threshold":0.5}'
      from h;
    insert into maru.job_timeline (tenant_id, job_id, seq, n, attempt, items)
    select tenant, job, 2, 3, 1, '{"type":"job.started"},{"type":"stage.completed","stage":"prepare"},{"type":"stage.completed","stage":"batch"}' from h;
    insert into maru.job_ends (tenant_id, id, status, attempt, seq, finished_at, units, device_us, result, log)
    select tenant, job, 1, 1, 7, at, 1, 1500, '{"kind":"boxes","data":{"boxes":[]}}',
           '{"type":"stage.completed","stage":"infer"},{"type":"stage.completed","stage":"interpret"},{"type":"job.succeeded"}' from h;
    drop table h`);
}
