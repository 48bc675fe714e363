import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const TENANTS = `
  create table maru.tenants (
    id uuid not null,
    slug text not null,
    name text not null,
    status text not null default 'active',
    weight smallint not null default 1,
    max_queued_jobs int not null default 100000,
    retention_days smallint not null default 30,
    outbox boolean not null default false,
    locales jsonb not null default '{"enabled":["ko","en"],"default":"ko"}',
    settings jsonb not null default '{}',
    active_brand_version int,
    created_at timestamptz not null default now(),
    constraint tenants_pkey primary key (id),
    constraint tenants_slug_key unique (slug),
    constraint tenants_slug_check check (slug ~ '^[a-z][a-z0-9-]{1,30}$'),
    constraint tenants_name_check check (length(name) between 1 and 64),
    constraint tenants_status_check check (status in ('active', 'suspended')),
    constraint tenants_weight_check check (weight between 1 and 100),
    constraint tenants_max_queued_jobs_check check (max_queued_jobs between 1 and 10000000),
    constraint tenants_retention_days_check check (retention_days between 1 and 3650)
  );
  comment on column maru.tenants.status is 'Operators suspend and resume; a suspended tenant is refused on every route.';
  comment on column maru.tenants.weight is 'Share of the devices against other tenants; set by operators only.';
  comment on column maru.tenants.max_queued_jobs is 'Jobs that may wait or run at a time; a submit above it is refused with 429.';
  comment on column maru.tenants.retention_days is 'Days after its end for which a job keeps its input and result.';
  comment on column maru.tenants.outbox is 'True while somebody subscribes to what happens here: ends of jobs are written to the outbox.';
  comment on column maru.tenants.active_brand_version is 'The published version that visitors see; publish and rollback move it.';
  alter table maru.tenants enable row level security;
  alter table maru.tenants force row level security;
  create policy tenant on maru.tenants for all to maru_app
    using (id = (select maru.tenant_id())) with check (id = (select maru.tenant_id()));
  create policy host_map on maru.tenants for select to maru_auth using (true);
  create policy worker on maru.tenants for select to maru_worker using (true);
  create policy ingest on maru.tenants for select to maru_ingest using (true);
  create policy platform on maru.tenants for all to maru_platform using (true) with check (true);
  grant select, update (name, locales, settings, active_brand_version) on maru.tenants to maru_app;
  grant select (id, slug, status) on maru.tenants to maru_auth;
  grant select (id, weight, status, retention_days, outbox) on maru.tenants to maru_worker;
  grant select (id, max_queued_jobs) on maru.tenants to maru_ingest;
  grant select, insert, update on maru.tenants to maru_platform;
`;

const BRAND_VERSIONS = `
  create table maru.tenant_brand_versions (
    tenant_id uuid not null,
    version int not null,
    status text not null default 'draft',
    doc jsonb not null,
    compiled_css text not null default '',
    css_sha256 text not null,
    report jsonb not null default '{}',
    base_version int,
    created_by text,
    created_at timestamptz not null default now(),
    published_by text,
    published_at timestamptz,
    note text,
    constraint tenant_brand_versions_pkey primary key (tenant_id, version),
    constraint tenant_brand_versions_tenant_fkey foreign key (tenant_id) references maru.tenants (id),
    constraint tenant_brand_versions_version_check check (version >= 1),
    constraint tenant_brand_versions_status_check check (status in ('draft', 'published', 'archived')),
    constraint tenant_brand_versions_doc_check check (pg_column_size(doc) <= 131072),
    constraint tenant_brand_versions_sha_check check (css_sha256 ~ '^[0-9a-f]{64}$'),
    constraint tenant_brand_versions_published_check check (status = 'draft' or published_at is not null),
    constraint tenant_brand_versions_note_check check (length(note) <= 200)
  );
  comment on column maru.tenant_brand_versions.compiled_css is 'Derived from doc when it is saved; served under its hash.';
  comment on column maru.tenant_brand_versions.created_by is 'Public id of the member or operator; null for the platform itself.';
  create unique index tenant_brand_versions_draft_key on maru.tenant_brand_versions (tenant_id) where status = 'draft';
  alter table maru.tenants add constraint tenants_active_brand_fkey
    foreign key (id, active_brand_version) references maru.tenant_brand_versions (tenant_id, version);
  create function maru.tenant_brand_versions_guard() returns trigger language plpgsql set search_path = '' as $$ begin
    if old.status <> 'draft' and (new.status = 'draft'
        or (new.doc, new.compiled_css, new.css_sha256, new.published_at) is distinct from
           (old.doc, old.compiled_css, old.css_sha256, old.published_at)) then
      raise exception 'branding version % is published and cannot change; publish a new one', old.version using errcode = '23514';
    end if;
    return new;
  end $$;
  create trigger tenant_brand_versions_guard before update on maru.tenant_brand_versions
    for each row execute function maru.tenant_brand_versions_guard();
  call maru.isolate('maru.tenant_brand_versions');
  create policy platform on maru.tenant_brand_versions for all to maru_platform using (true) with check (true);
  grant select, insert, update on maru.tenant_brand_versions to maru_app, maru_platform;
`;

const DOMAINS = `
  create table maru.tenant_domains (
    tenant_id uuid not null,
    hostname text not null,
    status text not null default 'pending_verification',
    cert_status text not null default 'pending_verification',
    dns_records jsonb not null default '[]',
    error text,
    checked_at timestamptz,
    created_at timestamptz not null default now(),
    constraint tenant_domains_pkey primary key (tenant_id, hostname),
    constraint tenant_domains_hostname_key unique (hostname),
    constraint tenant_domains_tenant_fkey foreign key (tenant_id) references maru.tenants (id),
    constraint tenant_domains_hostname_check check (length(hostname) <= 253
      and hostname ~ '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$'),
    constraint tenant_domains_status_check check (status in ('pending_verification', 'active', 'error')),
    constraint tenant_domains_cert_status_check check (cert_status in ('pending_verification', 'active', 'error'))
  );
  comment on column maru.tenant_domains.hostname is 'Lower case, without a port. Only an active one resolves to its tenant.';
  comment on column maru.tenant_domains.checked_at is 'Null until the first check of DNS and certificate.';
  call maru.isolate('maru.tenant_domains');
  create policy host_map on maru.tenant_domains for select to maru_auth using (true);
  create policy platform on maru.tenant_domains for all to maru_platform using (true) with check (true);
  grant select, insert (tenant_id, hostname), delete on maru.tenant_domains to maru_app;
  grant select, insert, update, delete on maru.tenant_domains to maru_platform;
  grant select (tenant_id, hostname, status) on maru.tenant_domains to maru_auth;
`;

/** Tenants, their branding versions and the map from a host to its tenant. */
export class CreateTenants1764000000100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, TENANTS + BRAND_VERSIONS + DOMAINS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `alter table maru.tenants drop constraint tenants_active_brand_fkey;
       drop table maru.tenant_domains;
       drop table maru.tenant_brand_versions;
       drop function maru.tenant_brand_versions_guard();
       drop table maru.tenants`,
    );
  }
}
