import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const FACTORS = `
  create table maru.second_factors (
    tenant_id uuid not null,
    subject_id uuid not null,
    secret_sealed bytea not null,
    confirmed_at timestamptz,
    last_step bigint not null default 0,
    created_at timestamptz not null default now(),
    constraint second_factors_pkey primary key (tenant_id, subject_id)
  );
  comment on table maru.second_factors is 'Authenticator apps (TOTP). Operators have the nil uuid as tenant.';
  comment on column maru.second_factors.secret_sealed is 'Under AES-256-GCM with a key derived from the master key; bound to its row.';
  comment on column maru.second_factors.confirmed_at is 'Null until the first code was right; only then a sign-in asks for one.';
  comment on column maru.second_factors.last_step is 'Time step of the last code that was accepted: no code works twice.';
  create table maru.recovery_codes (
    tenant_id uuid not null,
    subject_id uuid not null,
    hash bytea not null,
    used_at timestamptz,
    constraint recovery_codes_pkey primary key (tenant_id, subject_id, hash),
    constraint recovery_codes_factor_fkey foreign key (tenant_id, subject_id)
      references maru.second_factors (tenant_id, subject_id) on delete cascade
  );
  comment on column maru.recovery_codes.hash is 'SHA-256 of a code of 80 random bits.';
`;

const CHALLENGES = `
  create table maru.login_challenges (
    tenant_id uuid not null,
    hash bytea not null,
    subject_kind text not null,
    subject_id uuid not null,
    attempts smallint not null default 0,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    constraint login_challenges_pkey primary key (tenant_id, hash),
    constraint login_challenges_subject_check check (subject_kind in ('member', 'operator'))
  );
  comment on table maru.login_challenges is 'Sign-ins whose password was right and whose second factor is awaited. Deleted when it comes.';
  comment on column maru.login_challenges.attempts is 'Wrong codes; after five the password must be given again.';
  create index login_challenges_expiry_idx on maru.login_challenges (tenant_id, expires_at);
`;

const ACCESS = `
  call maru.isolate('maru.second_factors');
  call maru.isolate('maru.recovery_codes');
  call maru.isolate('maru.login_challenges');
  grant select, insert, delete, update (confirmed_at, last_step) on maru.second_factors to maru_app;
  grant select, insert, delete, update (used_at) on maru.recovery_codes to maru_app;
  grant select, insert, delete, update (attempts) on maru.login_challenges to maru_app;
`;

/** Second factors of people, and sign-ins that wait for one. */
export class CreateSecondFactors1764000000730 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, FACTORS + CHALLENGES + ACCESS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop table maru.login_challenges, maru.recovery_codes, maru.second_factors');
  }
}
