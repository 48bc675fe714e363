import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

/**
 * Why jobs wait in a worker's queue: written each second while any does, read with the job. Unlogged, because after a crash
 * of the server it would be wrong anyway.
 */
const OUTLOOKS = `
create unlogged table maru.queue_outlooks (
  tenant_id uuid not null,
  worker int not null,
  at timestamptz not null,
  outlook json not null,
  constraint queue_outlooks_pkey primary key (tenant_id, worker)) with (fillfactor = 50);
comment on table maru.queue_outlooks is 'Per tenant and worker: why its jobs wait there, and for how long.';
call maru.isolate('maru.queue_outlooks');
create policy worker on maru.queue_outlooks for all to maru_worker using (true) with check (true);
grant select on maru.queue_outlooks to maru_app;
grant select, insert, update, delete on maru.queue_outlooks to maru_worker`;

/** What a scheduler has learned: not a tenant table, it names tenants only to know who was ahead of its share. */
const STATES = `
create table maru.scheduler_states (
  name text constraint scheduler_states_pkey primary key,  -- place and pid of the worker
  place text not null,                                     -- host and pid namespace
  saved_at timestamptz not null,
  state json not null);
comment on table maru.scheduler_states is 'What a worker that starts takes over: learned costs, and who was ahead of its share.';
grant select, insert, update, delete on maru.scheduler_states to maru_worker`;

/** Records of the scheduler: explanations for clients, and what survives a restart. */
export class CreateSchedulerRecords1764000000500 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, `${OUTLOOKS};${STATES}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, 'drop table maru.queue_outlooks, maru.scheduler_states');
  }
}
