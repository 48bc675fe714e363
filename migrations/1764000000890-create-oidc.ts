import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const PROVIDERS = `
create table maru.oidc_providers (     -- where members of a tenant may sign in besides their password; at most one a tenant
  tenant_id uuid not null,
  id uuid not null,                    -- its sealed secret is bound to it
  issuer text not null,                -- as it stands in id tokens
  client_id text not null,
  client_secret bytea not null,        -- sealed with the key of the tenant
  label text not null,                 -- what people call it; stands on the button
  allowed_domains text[] not null,     -- of e-mail addresses, lower case; empty = any
  create_members boolean not null,     -- whether somebody without an account gets one
  default_role text not null,          -- of members that are made so
  enabled boolean not null,
  updated_at timestamptz not null default now(),
  constraint oidc_providers_pkey primary key (tenant_id),
  constraint oidc_providers_tenant_fkey foreign key (tenant_id) references maru.tenants (id),
  constraint oidc_providers_role_check check (default_role in ('admin', 'developer', 'analyst', 'viewer')),
  constraint oidc_providers_members_check check (not create_members or cardinality(allowed_domains) > 0));
call maru.isolate('maru.oidc_providers');
create policy operator_read on maru.oidc_providers for select to maru_platform using (true);
grant select, insert, update, delete on maru.oidc_providers to maru_app;
grant select (tenant_id, issuer, client_id, label, allowed_domains, create_members, default_role, enabled)
  on maru.oidc_providers to maru_platform`;

const IDENTITIES = `
create table maru.member_identities (  -- who a member is elsewhere: an issuer and what it calls them, never an address
  tenant_id uuid not null,
  issuer text not null,
  subject text not null,
  member_id uuid not null,
  created_at timestamptz not null default now(),
  last_sign_in_at timestamptz not null default now(),
  constraint member_identities_pkey primary key (tenant_id, issuer, subject),
  constraint member_identities_subject_check check (length(subject) between 1 and 255),
  constraint member_identities_member_fkey foreign key (tenant_id, member_id)
    references maru.members (tenant_id, id) on delete cascade);
create index member_identities_member_idx on maru.member_identities (tenant_id, member_id);
call maru.isolate('maru.member_identities');
grant select, insert, delete, update (last_sign_in_at) on maru.member_identities to maru_app`;

/** Signing in with the identity provider of a tenant. */
export class CreateOidc1764000000890 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, `${PROVIDERS};\n${IDENTITIES}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop table maru.member_identities; drop table maru.oidc_providers');
  }
}
