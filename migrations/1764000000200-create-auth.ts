import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const MEMBERS = `
  create table maru.members (
    tenant_id uuid not null,
    id uuid not null,
    email text not null,
    name text not null,
    role text not null,
    status text not null default 'active',
    password_hash text,
    ver int not null default 1,
    preferences jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint members_pkey primary key (tenant_id, id),
    constraint members_email_key unique (tenant_id, email),
    constraint members_tenant_fkey foreign key (tenant_id) references maru.tenants (id),
    constraint members_email_check check (length(email) between 3 and 254 and email = lower(email)),
    constraint members_name_check check (length(name) between 1 and 100),
    constraint members_role_check check (role in ('owner', 'admin', 'developer', 'analyst', 'viewer')),
    constraint members_status_check check (status in ('invited', 'active', 'disabled'))
  );
  comment on column maru.members.email is 'Lower case; a person may be a member of several tenants.';
  comment on column maru.members.password_hash is 'argon2id; null until the invitation is accepted.';
  comment on column maru.members.ver is 'Raised by a change of password or role: access tokens with a lower one are refused.';
  call maru.isolate('maru.members');
  grant select, insert, update, delete on maru.members to maru_app;
`;

const OPERATORS = `
  create table maru.operators (
    id uuid not null,
    email text not null,
    name text not null,
    status text not null default 'active',
    password_hash text not null,
    ver int not null default 1,
    preferences jsonb not null default '{}',
    created_at timestamptz not null default now(),
    constraint operators_pkey primary key (id),
    constraint operators_email_key unique (email),
    constraint operators_email_check check (length(email) between 3 and 254 and email = lower(email)),
    constraint operators_name_check check (length(name) between 1 and 100),
    constraint operators_status_check check (status in ('active', 'disabled'))
  );
  comment on table maru.operators is 'People who run the installation; they belong to no tenant.';
  alter table maru.operators enable row level security;
  alter table maru.operators force row level security;
  create policy platform on maru.operators for all to maru_platform using (true) with check (true);
  grant select, insert, update, delete on maru.operators to maru_platform;
`;

const API_KEYS = `
  create table maru.api_keys (
    tenant_id uuid not null,
    id uuid not null,
    name text not null,
    lookup text not null,
    hash bytea not null,
    start text not null,
    last4 text not null,
    scopes text[] not null,
    allowed_cidrs text[] not null default '{}',
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz,
    created_by text,
    created_at timestamptz not null default now(),
    constraint api_keys_pkey primary key (tenant_id, id),
    constraint api_keys_lookup_key unique (lookup),
    constraint api_keys_tenant_fkey foreign key (tenant_id) references maru.tenants (id),
    constraint api_keys_name_check check (length(name) between 1 and 100),
    constraint api_keys_hash_check check (octet_length(hash) = 32)
  );
  comment on column maru.api_keys.lookup is 'Random part of the key that finds its row; unique over all tenants, tells nothing.';
  comment on column maru.api_keys.hash is 'SHA-256 of the whole key; the key itself is shown once and not stored.';
  comment on column maru.api_keys.start is 'First characters, to recognise a key in a list.';
  comment on column maru.api_keys.allowed_cidrs is 'Addresses that may use the key; empty = any.';
  comment on column maru.api_keys.last_used_at is 'At most one write a minute.';
  call maru.isolate('maru.api_keys');
  create policy lookup on maru.api_keys for select to maru_auth using (true);
  grant select, insert, update (name, scopes, allowed_cidrs, expires_at, last_used_at, revoked_at) on maru.api_keys to maru_app;
  grant select (tenant_id, id, lookup, hash, scopes, allowed_cidrs, expires_at, last_used_at, revoked_at)
    on maru.api_keys to maru_auth;
`;

const SESSIONS = `
  create table maru.sessions (
    tenant_id uuid not null,
    id uuid not null,
    kind text not null,
    subject_kind text not null,
    subject_id uuid not null,
    token_hash bytea,
    created_at timestamptz not null default now(),
    last_used_at timestamptz not null default now(),
    expires_at timestamptz not null,
    revoked_at timestamptz,
    revoked_reason text,
    constraint sessions_pkey primary key (tenant_id, id),
    constraint sessions_token_key unique (tenant_id, token_hash),
    constraint sessions_kind_check check (kind in ('cookie', 'refresh')),
    constraint sessions_subject_check check (subject_kind in ('member', 'operator')),
    constraint sessions_token_check check ((kind = 'cookie') = (token_hash is not null)),
    constraint sessions_reason_check check (revoked_reason in ('logout', 'reuse', 'password', 'removed'))
  );
  comment on table maru.sessions is 'One sign-in: a browser cookie, or a family of refresh tokens. Operators have the nil uuid as tenant.';
  comment on column maru.sessions.token_hash is 'SHA-256 of the cookie; refresh families keep theirs in refresh_tokens.';
  comment on column maru.sessions.last_used_at is 'At most one write in five minutes; a session ends after 7 idle days.';
  comment on column maru.sessions.expires_at is '30 days after the sign-in, whatever the use.';
  create index sessions_subject_idx on maru.sessions (tenant_id, subject_id);
  create table maru.refresh_tokens (
    tenant_id uuid not null,
    hash bytea not null,
    session_id uuid not null,
    created_at timestamptz not null default now(),
    used_at timestamptz,
    constraint refresh_tokens_pkey primary key (tenant_id, hash),
    constraint refresh_tokens_session_fkey foreign key (tenant_id, session_id)
      references maru.sessions (tenant_id, id) on delete cascade
  );
  comment on column maru.refresh_tokens.hash is 'SHA-256 of the token.';
  comment on column maru.refresh_tokens.used_at is 'Set when the token was exchanged for its successor; a later use revokes the session.';
  create index refresh_tokens_session_idx on maru.refresh_tokens (tenant_id, session_id);
  call maru.isolate('maru.sessions');
  call maru.isolate('maru.refresh_tokens');
  grant select, insert, delete, update (last_used_at, revoked_at, revoked_reason) on maru.sessions to maru_app;
  grant select, insert, delete, update (used_at) on maru.refresh_tokens to maru_app;
`;

const SIGNING_KEYS = `
  create table maru.signing_keys (
    kid text not null,
    state text not null,
    public_pem text not null,
    private_sealed bytea not null,
    created_at timestamptz not null default now(),
    retired_at timestamptz,
    constraint signing_keys_pkey primary key (kid),
    constraint signing_keys_state_check check (state in ('next', 'current', 'retired')),
    constraint signing_keys_retired_check check ((state = 'retired') = (retired_at is not null))
  );
  comment on column maru.signing_keys.state is 'next: published, not used yet; current: signs; retired: still accepted until its last token has expired.';
  comment on column maru.signing_keys.private_sealed is 'PKCS#8 under AES-256-GCM with a key derived from the master key; bound to the kid.';
  create unique index signing_keys_current_key on maru.signing_keys (state) where state = 'current';
  alter table maru.signing_keys enable row level security;
  alter table maru.signing_keys force row level security;
  create policy read on maru.signing_keys for select to maru_auth using (true);
  create policy platform on maru.signing_keys for all to maru_platform using (true) with check (true);
  grant select on maru.signing_keys to maru_auth;
  grant select, insert, update, delete on maru.signing_keys to maru_platform;
`;

const LOGIN_FAILURES = `
  create table maru.login_failures (
    tenant_id uuid not null,
    account bytea not null,
    failures int not null,
    last_failed_at timestamptz not null default now(),
    blocked_until timestamptz,
    constraint login_failures_pkey primary key (tenant_id, account)
  );
  comment on table maru.login_failures is 'Failed sign-ins by account since the last success. Operators and unknown tenants have the nil uuid.';
  comment on column maru.login_failures.account is 'SHA-256 of what was typed: unknown accounts are counted like known ones.';
  create index login_failures_age_idx on maru.login_failures (tenant_id, last_failed_at);
  call maru.isolate('maru.login_failures');
  grant select, insert, update, delete on maru.login_failures to maru_app;
`;

/** Who may do what: members, operators, API keys, sessions, the keys that sign access tokens, failed sign-ins. */
export class CreateAuth1764000000200 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, MEMBERS + OPERATORS + API_KEYS + SESSIONS + SIGNING_KEYS + LOGIN_FAILURES);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `drop table maru.login_failures, maru.signing_keys, maru.refresh_tokens, maru.sessions, maru.api_keys,
         maru.operators, maru.members`,
    );
  }
}
