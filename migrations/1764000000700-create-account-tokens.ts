import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const TOKENS = `
  create table maru.account_tokens (
    tenant_id uuid not null,
    hash bytea not null,
    purpose text not null,
    member_id uuid not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    used_at timestamptz,
    constraint account_tokens_pkey primary key (tenant_id, hash),
    constraint account_tokens_member_fkey foreign key (tenant_id, member_id)
      references maru.members (tenant_id, id) on delete cascade,
    constraint account_tokens_purpose_check check (purpose in ('invitation', 'password_reset')),
    constraint account_tokens_hash_check check (octet_length(hash) = 32)
  );
  comment on table maru.account_tokens is 'One-time links: to accept an invitation, or to set a new password.';
  comment on column maru.account_tokens.hash is 'SHA-256 of the token in the link; the token itself is not stored.';
  comment on column maru.account_tokens.used_at is 'Set when it was used, or when a newer link or another password made it void.';
  create index account_tokens_member_idx on maru.account_tokens (tenant_id, member_id);
  call maru.isolate('maru.account_tokens');
  grant select, insert, delete, update (used_at) on maru.account_tokens to maru_app;
`;

const MEMBERS = `
  alter table maru.members add column invited_by text, add column last_sign_in_at timestamptz;
  comment on column maru.members.invited_by is 'Public id of the member or operator who invited; null for the platform itself.';
  comment on column maru.members.last_sign_in_at is 'The last password that was right; set at a sign-in, not at each request.';
`;

const SESSIONS = `
  alter table maru.sessions add column address inet, add column user_agent text;
  comment on column maru.sessions.address is 'Where the sign-in came from.';
  comment on column maru.sessions.user_agent is 'As the client named itself at the sign-in, cut to 200 characters.';
  alter table maru.sessions drop constraint sessions_reason_check;
  alter table maru.sessions add constraint sessions_reason_check
    check (revoked_reason in ('logout', 'reuse', 'password', 'removed', 'revoked'));
`;

// The owner is bound by row-level security like everybody else, so it sees these rows only without FORCE.
const SESSIONS_DOWN = `
  alter table maru.sessions no force row level security;
  update maru.sessions set revoked_reason = 'logout' where revoked_reason = 'revoked';
  alter table maru.sessions force row level security;
  alter table maru.sessions drop constraint sessions_reason_check;
  alter table maru.sessions add constraint sessions_reason_check
    check (revoked_reason in ('logout', 'reuse', 'password', 'removed'));
  alter table maru.sessions drop column address, drop column user_agent;
`;

/** One-time links of members, and where a session was opened. */
export class CreateAccountTokens1764000000700 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, TOKENS + MEMBERS + SESSIONS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `${SESSIONS_DOWN}
       alter table maru.members drop column invited_by, drop column last_sign_in_at;
       drop table maru.account_tokens`,
    );
  }
}
