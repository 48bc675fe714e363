import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const VERSIONS = `
create table maru.model_versions (
  tenant_id uuid not null,
  id uuid not null,
  name text not null,
  version text not null,
  digest text not null,
  runtime text not null,
  status text not null default 'admitting',
  manifest jsonb not null,
  files jsonb not null,
  bytes bigint not null,
  max_batch smallint not null,
  signature jsonb,
  profile jsonb not null default '{}',
  checks jsonb not null default '[]',
  checked_at timestamptz,
  attempts smallint not null default 0,
  worker text,
  lease_until timestamptz,
  idempotency_key text,
  fingerprint text not null,
  created_by text,
  created_at timestamptz not null default clock_timestamp(),
  retired_at timestamptz,
  constraint model_versions_pkey primary key (tenant_id, id),
  constraint model_versions_name_check check (name ~ '^[a-z][a-z0-9-]{1,62}$'),
  constraint model_versions_digest_check check (digest ~ '^sha256:[0-9a-f]{64}$'),
  constraint model_versions_runtime_check check (runtime in ('onnx', 'tensorflow')),
  constraint model_versions_status_check check (status in ('admitting', 'ready', 'rejected', 'retired')),
  constraint model_versions_max_batch_check check (max_batch between 1 and 1024),
  constraint model_versions_ready_check check (status <> 'ready' or signature is not null)
);
comment on table maru.model_versions is 'Uploaded models: one immutable version each. The nil uuid as tenant: of the operators, shared by model_grants.';
comment on column maru.model_versions.name is 'Slug of the analyzer that it serves.';
comment on column maru.model_versions.digest is 'SHA-256 over the sorted list of file name and SHA-256; names the directory of the files.';
comment on column maru.model_versions.files is '[{runtime, name, sha256, bytes}].';
comment on column maru.model_versions.signature is '{inputs, outputs, maxBatchSize} as found in the file; null until admission read it.';
comment on column maru.model_versions.profile is 'Measured costs by device class: {class: {profiles: [{shapeBucket, a, c, samples}], memoryBytes}}.';
comment on column maru.model_versions.checks is '[{name, passed, message, ms}] of the current admission, in order; written as each one ends.';
comment on column maru.model_versions.attempts is 'Admissions that began; a model that takes three workers down is rejected.';
comment on column maru.model_versions.worker is 'Who runs the admission until lease_until; another worker takes over afterwards.';
create unique index model_versions_version_key on maru.model_versions (tenant_id, name, version) where status <> 'rejected';
create unique index model_versions_idempotency_key on maru.model_versions (tenant_id, idempotency_key) where idempotency_key is not null;
create index model_versions_admitting_idx on maru.model_versions (tenant_id, created_at) where status = 'admitting'`;

const GRANTS_TABLE = `
create table maru.model_grants (
  tenant_id uuid not null,
  model_id uuid not null,
  created_at timestamptz not null default now(),
  constraint model_grants_pkey primary key (tenant_id, model_id)
);
comment on table maru.model_grants is 'Which tenants may use a model of the operators.'`;

const ALIASES = `
create table maru.model_aliases (
  tenant_id uuid not null,
  slug text not null,
  alias text not null,
  model_tenant_id uuid not null,
  model_id uuid not null,
  percent smallint not null default 100,
  previous_model_tenant_id uuid,
  previous_model_id uuid,
  revision int not null default 1,
  updated_by text,
  updated_at timestamptz not null default clock_timestamp(),
  constraint model_aliases_pkey primary key (tenant_id, slug, alias),
  constraint model_aliases_alias_check check (alias in ('stable', 'canary')),
  constraint model_aliases_percent_check check (percent between 0 and 100 and (alias = 'canary' or percent = 100)),
  constraint model_aliases_owner_check check (model_tenant_id in (tenant_id, '00000000-0000-0000-0000-000000000000'))
);
comment on table maru.model_aliases is 'Which model version serves an analyzer: one row is one atomic pointer.';
comment on column maru.model_aliases.percent is 'Jobs that go to the canary, chosen by their id.';
comment on column maru.model_aliases.previous_model_id is 'Where a rollback points back to.'`;

const ACCESS = `
call maru.isolate('maru.model_versions');
call maru.isolate('maru.model_grants');
call maru.isolate('maru.model_aliases');
create policy shared on maru.model_versions for select to maru_app
  using (tenant_id = '00000000-0000-0000-0000-000000000000' and exists (
    select from maru.model_grants g where g.tenant_id = (select maru.tenant_id()) and g.model_id = model_versions.id));
create policy worker on maru.model_versions for all to maru_worker using (true) with check (true);
create policy worker on maru.model_aliases for all to maru_worker using (true) with check (true);
create policy worker on maru.analyzers for insert to maru_worker with check (true);
create policy platform on maru.model_versions for all to maru_platform using (true) with check (true);
create policy platform on maru.model_grants for all to maru_platform using (true) with check (true);
create policy platform on maru.model_aliases for all to maru_platform using (true) with check (true);
grant select, insert, update (status, retired_at) on maru.model_versions to maru_app;
grant select on maru.model_grants to maru_app;
grant select, insert, delete, update (model_tenant_id, model_id, percent, previous_model_tenant_id, previous_model_id, revision, updated_by, updated_at)
  on maru.model_aliases to maru_app;
grant insert (tenant_id, id, slug) on maru.analyzers to maru_app, maru_worker;
grant select, update (status, signature, profile, max_batch, checks, checked_at, attempts, worker, lease_until) on maru.model_versions to maru_worker;
grant select, insert on maru.model_aliases to maru_worker;
grant select, insert, update (status, retired_at, max_batch) on maru.model_versions to maru_platform;
grant select, insert, delete on maru.model_grants to maru_platform;
grant select on maru.model_aliases to maru_platform`;

/** The registry of uploaded models: versions, who may use those of the operators, and which version serves an analyzer. */
export class CreateModels1764000000650 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, [VERSIONS, GRANTS_TABLE, ALIASES, ACCESS].join(';\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `drop table maru.model_aliases, maru.model_versions, maru.model_grants;
       drop policy worker on maru.analyzers;
       revoke insert (tenant_id, id, slug) on maru.analyzers from maru_app, maru_worker`,
    );
  }
}
