/** How far back the history reaches, weeks before this one: its rows are spread evenly over these partitions. */
const WEEKS = 10;

/** What an ended job leaves in each table; `h` gives tenant, analyzer, job and at. */
const ROWS = {
  jobs: `(tenant_id, id, analyzer_id, analyzer_slug, analyzer_version, priority, max_attempts, created_at, input_digest, input)
    select tenant, job, analyzer, 'surface-inspection', '1.0.0', 1, 3, at, 'sha256:0',
           '{"image":{"fileId":"file_01m8323f50ecdtnmz19wr9rz7h"},"threshold":0.5}'::json from h`,
  job_timeline: `(tenant_id, job_id, seq, n, attempt, items)
    select tenant, job, 2, 3, 1,
           '{"type":"job.started"},{"type":"stage.completed","stage":"prepare"},{"type":"stage.completed","stage":"batch"}' from h`,
  job_ends: `(tenant_id, id, status, attempt, seq, finished_at, units, device_us, result, log)
    select tenant, job, 1, 1, 7, at, 1, 1500, '{"kind":"boxes","data":{"boxes":[]}}'::json,
           '{"type":"stage.completed","stage":"infer"},{"type":"stage.completed","stage":"interpret"},{"type":"job.succeeded"}' from h`,
};
const KEYS = { jobs: 'tenant_id, id', job_timeline: 'tenant_id, job_id, seq', job_ends: 'tenant_id, id' };

/**
 * Loads `count` ended jobs of these tenants, evenly over the weekly partitions of the past and this week's. Ids are version
 * 7 of their instants. A past partition is filled first, then indexed and attached: that is faster than single inserts.
 */
export async function loadHistory(client, tenants, count) {
  await client.query(`create temporary table tenant_of (n int primary key, id uuid, analyzer uuid)`);
  await client.query(
    `insert into tenant_of select n - 1, t, a from unnest($1::uuid[], $2::uuid[]) with ordinality u(t, a, n)`,
    [tenants.map((t) => t.tenantId), tenants.map((t) => t.analyzerId)],
  );
  for (let week = 0; week <= WEEKS; week++) await loadWeek(client, week, Math.ceil(count / (WEEKS + 1)));
  await client.query('drop table tenant_of');
  await client.query('vacuum analyze maru.jobs, maru.job_ends, maru.job_timeline');
}

async function loadWeek(client, week, count) {
  const { rows } = await client.query(
    `select to_char(at at time zone 'UTC', 'YYYYMMDD') as name, at, least(stop, now()) as last, maru.uuid_floor(at) as "from", maru.uuid_floor(stop) as "to"
       from (select date_trunc('week', now(), 'UTC') - $1 * interval '7 days' as at) a
      cross join lateral (select at + interval '7 days' as stop) s`,
    [week],
  );
  const { name, at, last, from, to } = rows[0];
  await client.query(
    `create temporary table h as
     select t.id as tenant, t.analyzer, to_timestamp(m.ms / 1000.0) as at,
            (lpad(to_hex(m.ms), 12, '0') || '70008' || substr(md5(g::text), 1, 15))::uuid as job
       from generate_series(0, $1::bigint - 1) g
       join tenant_of t on t.n = g % (select count(*) from tenant_of)
      cross join lateral (select $2::bigint + g * ($3::bigint - $2::bigint) / $1 as ms) m`,
    [count, at.getTime(), last.getTime()],
  );
  for (const table of Object.keys(ROWS)) {
    if (week === 0) await client.query(`insert into maru.${table} ${ROWS[table]}`);
    else await loadPartition(client, table, `${table}_p${name}`, from, to);
  }
  await client.query('drop table h');
}

async function loadPartition(client, table, part, from, to) {
  const { rows } = await client.query('select to_regclass($1) as found', [`maru.${part}`]);
  if (rows[0].found) return void (await client.query(`insert into maru.${table} ${ROWS[table]}`));
  await client.query(`
    create table maru.${part} (like maru.${table} including defaults including constraints);
    alter table maru.${part} owner to maru_owner;
    insert into maru.${part} ${ROWS[table]};
    alter table maru.${part} add primary key (${KEYS[table]});
    alter table maru.${table} attach partition maru.${part} for values from ('${from}') to ('${to}');
    alter table maru.${part} enable row level security;
    alter table maru.${part} force row level security`);
}
