import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/** Operators who look at a tenant as its viewer: for a reason, for a while, and on record. */
export class CreateImpersonations1764000000740 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `create table maru.impersonations (
         tenant_id uuid not null,
         id uuid not null,
         operator_id uuid not null,
         reason text not null,
         created_at timestamptz not null default now(),
         expires_at timestamptz not null,
         ended_at timestamptz,
         constraint impersonations_pkey primary key (tenant_id, id),
         constraint impersonations_tenant_fkey foreign key (tenant_id) references maru.tenants (id),
         constraint impersonations_reason_check check (length(reason) between 1 and 500),
         constraint impersonations_time_check check (expires_at <= created_at + interval '1 hour')
       );
       comment on column maru.impersonations.ended_at is 'Set when the operator ended it before its time.';
       call maru.isolate('maru.impersonations');
       create policy platform on maru.impersonations for all to maru_platform using (true) with check (true);
       grant select on maru.impersonations to maru_app;
       grant select, insert, update (ended_at) on maru.impersonations to maru_platform`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop table maru.impersonations');
  }
}
