import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/**
 * The job engine: a request is inserted once (`jobs`), lives in a small hot table until it ends (`job_queue`), leaves
 * its history in segments (`job_timeline`) and ends by one insert (`job_ends`), whose key makes a second end impossible.
 */
export class CreateJobs1764000000400 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const tables = [
      ANALYZERS,
      JOBS,
      QUEUE,
      TIMELINE,
      ENDS,
      LEDGER,
      IDEMPOTENCY,
      FEED,
      OUTBOX,
      RETENTION,
      LATE,
      JOB_FILES,
      WORKERS,
    ];
    const isolation = TENANT_TABLES.map((table) => `call maru.isolate('maru.${table}')`);
    await runAsOwner(runner, [...tables, ...isolation, POLICIES, GRANTS, PARTITIONS].join('\n;\n'));
    await runner.query(VACUUM);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `drop table ${[...TENANT_TABLES, 'workers'].map((t) => `maru.${t}`).join(', ')}; delete from maru.partition_plans`,
    );
  }
}

const TENANT_TABLES = [
  'analyzers',
  'jobs',
  'job_queue',
  'job_timeline',
  'job_ends',
  'usage_ledger',
  'idempotency_keys',
  'job_feed',
  'outbox',
  'job_retention',
  'job_retention_late',
  'job_files',
];

const ANALYZERS = `
create table maru.analyzers (          -- which analyzers a tenant may use
  tenant_id uuid not null,
  id uuid not null,
  slug text not null,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  constraint analyzers_pkey primary key (tenant_id, id),
  constraint analyzers_slug_key unique (tenant_id, slug))`;

const JOBS = `
create table maru.jobs (               -- insert-only until its data is erased; the row itself is transition seq 1 (job.queued)
  tenant_id uuid not null,
  id uuid not null,                    -- version 7: creation order
  analyzer_id uuid not null,           -- proved to be the tenant's own by the join in the submit statement
  analyzer_slug text not null,
  analyzer_version text not null,
  priority smallint not null constraint jobs_priority_check check (priority between 0 and 2),   -- 0 interactive, 1 standard, 2 bulk
  max_attempts smallint not null constraint jobs_max_attempts_check check (max_attempts between 1 and 10),
  test boolean not null default false, -- runs the same way, bills 0 units
  created_at timestamptz not null default clock_timestamp(),
  deadline timestamptz,
  created_by text,                     -- public id of the member or key
  trace_id text,
  input_digest text not null,          -- sha256 of the canonical input
  metadata jsonb not null default '{}',
  retried_from uuid,
  rerun_of uuid,
  pin json,                            -- what a rerun is compared with: {analyzerVersion, model, resultDigest, deviceType, batchSize}
  input json,                          -- null once erased
  erased_at timestamptz,
  constraint jobs_pkey primary key (tenant_id, id)
) partition by range (id)`;

const QUEUE = `
create table maru.job_queue (          -- one row per job that has not ended; a claim is its only frequent update (HOT)
  tenant_id uuid not null,
  band smallint not null,              -- = jobs.priority
  id uuid not null,
  state smallint not null default 0 constraint job_queue_state_check check (state between 0 and 2),  -- 0 ready, 1 running, 2 running and asked to cancel
  attempt smallint not null default 0, -- set by the claim
  max_attempts smallint not null,
  seq smallint not null default 1,     -- seq of the newest transition that this row itself stands for (job.queued or job.started)
  base smallint not null default 1,    -- last seq when this attempt was queued: the log is complete up to here
  lane smallint not null default 0,    -- 1: run alone, in batches of one, after a crash
  worker int,
  token bigint,                        -- fencing token of the claim
  claimed_at timestamptz,
  run_at timestamptz,                  -- not before; null = now
  deadline timestamptz
) with (fillfactor = 40, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
create unique index job_queue_key on maru.job_queue (tenant_id, band, id);
create index job_queue_deadline_idx on maru.job_queue (deadline) where deadline is not null;
create index job_queue_run_at_idx on maru.job_queue (run_at) where run_at is not null`;

const TIMELINE = `
create table maru.job_timeline (       -- append-only segments; inserting at "my last seq + 1" is a compare-and-swap
  tenant_id uuid not null,
  job_id uuid not null,
  seq smallint not null,               -- seq of the first transition of the segment
  n smallint not null constraint job_timeline_n_check check (n > 0),
  attempt smallint not null,
  items text not null,                 -- n JSON objects joined by commas
  constraint job_timeline_pkey primary key (tenant_id, job_id, seq)
) partition by range (job_id)`;

const ENDS = `
create table maru.job_ends (           -- insert-only until its data is erased
  tenant_id uuid not null,
  id uuid not null,
  status smallint not null constraint job_ends_status_check check (status between 1 and 4),  -- 1 succeeded, 2 failed, 3 canceled, 4 expired
  attempt smallint not null,
  seq smallint not null,               -- the last seq of the job
  finished_at timestamptz not null default clock_timestamp(),
  units int not null default 0,
  device_us bigint not null default 0, -- device time charged, microseconds
  cancel_reason text,
  model json,                          -- {id, name, version, digest}
  error json,
  result json,                         -- {kind, data, digest}; null once erased
  rerun_verdict json,                  -- {match, expectedDigest, actualDigest, differs}
  log text,                            -- the last segment, when the worker wrote the end; null: it is in job_timeline
  constraint job_ends_pkey primary key (tenant_id, id)
) partition by range (id)`;

const LEDGER = `
create table maru.usage_ledger (       -- one entry per job, attempt and kind, for ever
  tenant_id uuid not null,
  job_id uuid not null,
  attempt smallint not null,
  kind smallint not null,              -- 1 infer
  units int not null,
  device_us bigint not null,
  at timestamptz not null default clock_timestamp(),
  constraint usage_ledger_pkey primary key (tenant_id, job_id, attempt, kind)
) partition by range (job_id)`;

const IDEMPOTENCY = `
create table maru.idempotency_keys (   -- kept 24 h or more; apart from jobs, so that those can be partitioned
  tenant_id uuid not null,
  key text not null,
  fingerprint text not null,           -- sha256 of route + canonical request + file digests
  job_id uuid not null,
  created_at timestamptz not null default now(),
  constraint idempotency_keys_pkey primary key (tenant_id, key))`;

const FEED = `
create table maru.job_feed (           -- the tenant's event log: one row per commit that wrote transitions of its jobs
  tenant_id uuid not null,
  xid xid8 not null default pg_current_xact_id(),   -- a reader stops below the oldest running transaction, so it misses none
  at timestamptz not null default now(),
  ids uuid[] not null,                 -- jobs
  seqs smallint[] not null,            -- first seq of each
  ns smallint[] not null,              -- how many transitions of each
  constraint job_feed_pkey primary key (tenant_id, xid, at)
) partition by range (at)`;

const OUTBOX = `
create table maru.outbox (             -- what side work has to do because a job ended; deleted once that is done
  tenant_id uuid not null,
  id bigint generated always as identity,
  kind text not null,                  -- job.succeeded, job.failed, job.canceled, job.expired
  body json not null,                  -- {jobId, seq, status}
  at timestamptz not null default clock_timestamp(),
  relay_at timestamptz not null default clock_timestamp(),  -- when it is handed to BullMQ: at once, and again while it is still here
  constraint outbox_pkey primary key (tenant_id, id)
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
create index outbox_relay_idx on maru.outbox (relay_at, id)`;

const RETENTION = `
create table maru.job_retention (      -- up to which job a tenant's inputs and results have been erased
  tenant_id uuid not null,
  erased_through uuid not null,
  constraint job_retention_pkey primary key (tenant_id))`;

const LATE = `
create table maru.job_retention_late ( -- jobs that erased_through has passed though they could not be erased yet: they had not ended, or only just
  tenant_id uuid not null,
  id uuid not null,
  constraint job_retention_late_pkey primary key (tenant_id, id))`;

const JOB_FILES = `
create table maru.job_files (          -- which not erased jobs need a file; written with the job, gone with its data
  tenant_id uuid not null,
  file_id uuid not null,               -- no foreign key: it would lock the file's row once a job
  job_id uuid not null,
  constraint job_files_pkey primary key (tenant_id, file_id, job_id))`;

const WORKERS = `
create table maru.workers (            -- not a tenant table: one lease per worker process
  id int generated always as identity constraint workers_pkey primary key,
  name text not null,
  started_at timestamptz not null default clock_timestamp(),
  lease_until timestamptz not null,
  dead boolean not null default false,
  stats json)                          -- snapshot of its scheduler and devices, written with each heartbeat`;

const POLICIES = `
create policy platform on maru.analyzers for all to maru_platform using (true) with check (true);
create policy ingest on maru.analyzers for select to maru_ingest using (true);
create policy ingest on maru.jobs for insert to maru_ingest with check (true);
create policy ingest on maru.job_queue for insert to maru_ingest with check (state = 0 and attempt = 0);
create policy ingest_select on maru.job_queue for select to maru_ingest using (true);
create policy ingest on maru.job_feed for insert to maru_ingest with check (true);
create policy ingest_insert on maru.idempotency_keys for insert to maru_ingest with check (true);
create policy ingest_select on maru.idempotency_keys for select to maru_ingest using (true);
create policy worker on maru.idempotency_keys for all to maru_worker using (true) with check (true);
create policy worker on maru.jobs for all to maru_worker using (true) with check (true);
create policy worker on maru.job_feed for insert to maru_worker with check (true);
create policy worker on maru.outbox for all to maru_worker using (true) with check (true);
create policy worker on maru.job_retention for all to maru_worker using (true) with check (true);
create policy worker on maru.job_retention_late for all to maru_worker using (true) with check (true);
create policy worker on maru.job_files for all to maru_worker using (true) with check (true);
create policy ingest on maru.job_files for insert to maru_ingest with check (true);
create policy owner on maru.job_queue for select to maru_owner using (true);
create policy owner on maru.job_retention for select to maru_owner using (true);
create policy owner on maru.job_retention_late for select to maru_owner using (true);
create policy worker on maru.job_queue for all to maru_worker using (true) with check (true);
create policy worker on maru.job_timeline for all to maru_worker using (true) with check (true);
create policy worker on maru.job_ends for all to maru_worker using (true) with check (true);
create policy worker on maru.usage_ledger for insert to maru_worker with check (true);
create policy platform on maru.jobs for select to maru_platform using (true);
create policy platform on maru.job_queue for select to maru_platform using (true);
create policy platform on maru.job_ends for select to maru_platform using (true)`;

const GRANTS = `
grant select on maru.analyzers, maru.jobs, maru.job_queue, maru.job_timeline, maru.job_ends, maru.usage_ledger, maru.job_feed to maru_app;
grant update (state), delete on maru.job_queue to maru_app;
grant insert on maru.job_timeline, maru.job_ends, maru.job_feed, maru.outbox to maru_app;
grant update (input, erased_at) on maru.jobs to maru_app, maru_worker;
grant update (result) on maru.job_ends to maru_app, maru_worker;
grant select, insert, update, delete on maru.analyzers to maru_platform;
grant select (tenant_id, id, slug, enabled) on maru.analyzers to maru_ingest;
grant insert on maru.jobs, maru.job_queue, maru.idempotency_keys, maru.job_feed to maru_ingest;
grant select (tenant_id) on maru.job_queue to maru_ingest;
grant select on maru.idempotency_keys to maru_ingest;
grant select on maru.jobs to maru_worker;
grant select, update, delete on maru.job_queue to maru_worker;
grant select, insert on maru.job_timeline, maru.job_ends to maru_worker;
grant insert on maru.usage_ledger, maru.job_feed to maru_worker;
grant select, insert, update (relay_at), delete on maru.outbox to maru_worker;
grant select, insert, update on maru.job_retention to maru_worker;
grant select, insert, delete on maru.job_retention_late to maru_worker;
grant select, delete on maru.job_files to maru_app, maru_worker;
grant insert on maru.job_files to maru_ingest;
grant select, insert, update, delete on maru.workers to maru_worker;
grant select, delete on maru.idempotency_keys to maru_worker;
grant select (tenant_id, id, analyzer_slug, priority, created_at) on maru.jobs to maru_platform;
grant select on maru.job_queue, maru.workers to maru_platform;
grant select (tenant_id, id, status, attempt, finished_at, units, device_us) on maru.job_ends to maru_platform`;

const PARTITIONS = `
insert into maru.partition_plans (table_name, key_type, step, keep) values
  ('jobs', 'uuid', 'week', '400 days'), ('job_timeline', 'uuid', 'week', '400 days'), ('job_ends', 'uuid', 'week', '400 days'),
  ('usage_ledger', 'uuid', 'month', null), ('job_feed', 'instant', 'day', '30 days');
create table maru.jobs_other partition of maru.jobs default;
create table maru.job_timeline_other partition of maru.job_timeline default;
create table maru.job_ends_other partition of maru.job_ends default;
create table maru.usage_ledger_other partition of maru.usage_ledger default;
create table maru.job_feed_other partition of maru.job_feed default;
do $$ declare part regclass; begin
  for part in select oid::regclass from pg_class where relnamespace = 'maru'::regnamespace and relname like '%\\_other' loop
    execute format('alter table %1$s enable row level security; alter table %1$s force row level security', part);
  end loop;
end $$;
select maru.extend_partitions(now() + interval '14 days')`;

/** Since PostgreSQL 17 a role that is not the owner may be allowed to vacuum; before, autovacuum alone keeps the queue small. */
const VACUUM = `
do $$ begin
  if current_setting('server_version_num')::int >= 170000 then
    execute 'set local role maru_owner; grant maintain on maru.job_queue, maru.outbox to maru_worker; reset role';
  end if;
end $$`;
