import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const EVENTS = `
create table maru.audit_events (       -- who changed what; append-only for every role
  tenant_id uuid not null,             -- the nil uuid: the platform itself
  id uuid not null,                    -- version 7: order of recording
  at timestamptz not null default clock_timestamp(),
  actor_type text not null constraint audit_events_actor_type_check check (actor_type in ('member', 'operator', 'api_key', 'system', 'anonymous')),
  actor_id text,                       -- public id; null for system and anonymous
  action text not null constraint audit_events_action_check check (action ~ '^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)+$'),
  target_type text,
  target_id text,                      -- public id, or the name of a thing without one
  outcome text not null constraint audit_events_outcome_check check (outcome in ('success', 'failure', 'denied')),
  reason text,
  ip inet,
  user_agent text,
  request_id text,
  before json,                         -- the fields that changed, as they were; secrets are left out before it is written
  after json,
  constraint audit_events_pkey primary key (tenant_id, id),
  constraint audit_events_size_check check (octet_length(coalesce(before::text, '')) + octet_length(coalesce(after::text, '')) <= 65536)
);
create index audit_events_id_idx on maru.audit_events (id)`;

const SEALS = `
create table maru.audit_seals (        -- one hash chain per tenant
  tenant_id uuid not null,
  seq bigint not null,                 -- 1, 2, 3, ... without a gap
  event_id uuid not null,
  prev_hash bytea not null,            -- 32 zero bytes for the first
  hash bytea not null constraint audit_seals_hash_check check (octet_length(hash) = 32),
  sealed_at timestamptz not null default clock_timestamp(),
  constraint audit_seals_pkey primary key (tenant_id, seq),
  constraint audit_seals_event_key unique (tenant_id, event_id),
  constraint audit_seals_event_fkey foreign key (tenant_id, event_id) references maru.audit_events (tenant_id, id)
)`;

const PENDING = `
create table maru.audit_pending (      -- events that the sealer has not chained yet; written with the event
  tenant_id uuid not null,
  event_id uuid not null,
  constraint audit_pending_pkey primary key (tenant_id, event_id)
)`;

const GUARD = `
create function maru.audit_guard() returns trigger language plpgsql set search_path = '' as $$ begin
  raise exception 'the audit log is append-only: % on % is refused', tg_op, tg_table_name using errcode = '42501';
end $$;
create trigger audit_events_guard before update or delete or truncate on maru.audit_events for each statement execute function maru.audit_guard();
create trigger audit_seals_guard before update or delete or truncate on maru.audit_seals for each statement execute function maru.audit_guard()`;

const ACCESS = `
call maru.isolate('maru.audit_events');
call maru.isolate('maru.audit_seals');
call maru.isolate('maru.audit_pending');
create policy platform on maru.audit_events for all to maru_platform using (true) with check (true);
create policy platform on maru.audit_seals for select to maru_platform using (true);
create policy platform on maru.audit_pending for insert to maru_platform with check (true);
create policy sealer on maru.audit_events for select to maru_audit using (true);
create policy sealer on maru.audit_seals for all to maru_audit using (true) with check (true);
create policy sealer on maru.audit_pending for all to maru_audit using (true) with check (true);
grant select, insert (tenant_id, id, actor_type, actor_id, action, target_type, target_id, outcome, reason, ip, user_agent, request_id, before, after)
  on maru.audit_events to maru_app, maru_platform;
grant insert on maru.audit_pending to maru_app, maru_platform;
grant select on maru.audit_seals to maru_app, maru_platform;
grant select on maru.audit_events to maru_audit;
grant select, insert (tenant_id, seq, event_id, prev_hash, hash) on maru.audit_seals to maru_audit;
grant select, delete on maru.audit_pending to maru_audit`;

/** The audit log: append-only events, and a hash chain over those of each tenant. */
export class CreateAudit1764000000750 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runAsOwner(runner, [EVENTS, SEALS, PENDING, GUARD, ACCESS].join('\n;\n'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runAsOwner(
      runner,
      `drop table maru.audit_pending, maru.audit_seals, maru.audit_events;
       drop function maru.audit_guard()`,
    );
  }
}
