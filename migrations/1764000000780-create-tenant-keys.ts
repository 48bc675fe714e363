import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const TENANT_KEYS = `
create table maru.tenant_keys (        -- keys that a tenant's secrets are sealed with; without them those are noise
  tenant_id uuid not null,
  id uuid not null,                    -- stands in every sealed value
  state text not null default 'current' constraint tenant_keys_state_check check (state in ('current', 'retired')),
  kek_id text not null,                -- key that it is wrapped with; known to the processes, never to the database
  wrapped bytea not null,              -- nonce, tag, 32 bytes under AES-256-GCM, bound to tenant and id
  created_at timestamptz not null default now(),
  constraint tenant_keys_pkey primary key (tenant_id, id));
create unique index tenant_keys_current_key on maru.tenant_keys (tenant_id) where state = 'current';
call maru.isolate('maru.tenant_keys');
create policy platform on maru.tenant_keys for all to maru_platform using (true) with check (true);
grant select, insert, update (state, kek_id, wrapped), delete on maru.tenant_keys to maru_app;
grant select (tenant_id, id, state, kek_id), delete on maru.tenant_keys to maru_platform`;

/** Envelope encryption: one data key a tenant, wrapped by a key of the installation. */
export class CreateTenantKeys1764000000780 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, TENANT_KEYS);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop table maru.tenant_keys');
  }
}
