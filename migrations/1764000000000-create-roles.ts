import type { MigrationInterface, QueryRunner } from 'typeorm';
import { runAsOwner } from './run-as-owner.js';

const LOGIN_ROLES = [
  'maru_app',
  'maru_ingest',
  'maru_worker',
  'maru_auth',
  'maru_platform',
  'maru_queue',
  'maru_audit',
] as const;

/** A hot path must not fall back to a bitmap scan plus sort of a tenant's whole backlog when statistics are old. */
const ORDERED_INDEX_SCANS = {
  plan_cache_mode: 'force_generic_plan',
  enable_bitmapscan: 'off',
  enable_sort: 'off',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};
/**
 * A tenant's reads go by key into tables of many parts. Planning one takes five times as long as running it (2.4 ms
 * against 0.5), and a plan made while a part was new and empty would scan it from end to end for every job of a statement
 * later on.
 */
const KEYED_READS = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off', jit: 'off' };
const SHORT = { statement_timeout: '15s', idle_in_transaction_session_timeout: '10s', lock_timeout: '3s' };

/** Settings that come with a login; they hold on managed servers too, where the server's configuration is not ours. */
const SETTINGS: Record<string, Record<string, string>> = {
  maru_app: { ...SHORT, search_path: 'maru', ...KEYED_READS },
  maru_ingest: { ...SHORT, search_path: 'maru', ...ORDERED_INDEX_SCANS },
  maru_worker: { ...SHORT, search_path: 'maru', ...ORDERED_INDEX_SCANS },
  maru_auth: { ...SHORT, statement_timeout: '5s', search_path: 'maru' },
  maru_platform: { ...SHORT, search_path: 'maru' },
  maru_queue: { idle_in_transaction_session_timeout: '60s', search_path: 'bullmq' },
  maru_audit: { ...SHORT, statement_timeout: '60s', search_path: 'maru' },
  maru_backup: { statement_timeout: '0', search_path: 'maru' },
};

/**
 * Roles belong to the whole server, so another database of it may have made them already, or may make them right now:
 * both count as done. "tuple concurrently updated" (XX000) is the same race on an existing role.
 */
function tolerant(sql: string): string {
  return `do $outer$ begin
    for attempt in 1..20 loop
      begin
        ${sql};
        return;
      exception
        when duplicate_object or unique_violation then return;
        when internal_error then
          if attempt = 20 then raise; end if;
          perform pg_sleep(0.02 * attempt);
      end;
    end loop;
  end $outer$`;
}

function createRole(role: string, attributes: string): string {
  return tolerant(`if not exists (select from pg_roles where rolname = '${role}') then
    create role ${role} ${attributes}; end if`);
}

/**
 * The roles of the platform, its two schemas, and the one way to isolate a tenant table.
 * Roles get no password here: the migration runner derives and sets them at every start.
 */
export class CreateRoles1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.createRoles(runner);
    for (const [role, settings] of Object.entries(SETTINGS)) {
      const statements = Object.entries(settings).map(([name, value]) => `alter role ${role} set ${name} = '${value}'`);
      await runner.query(tolerant(statements.join('; ')));
    }
    await this.createSchemas(runner);
    await this.createIsolation(runner);
    // TypeORM notes each migration inside its transaction, which may still run as the owner of the schema.
    await runner.query(`do $$ begin
      if to_regclass('public.maru_migrations') is not null then
        grant select, insert, delete on public.maru_migrations to maru_owner;
        grant usage on sequence public.maru_migrations_id_seq to maru_owner;
      end if;
    end $$`);
  }

  /** Drops what this database holds. The roles stay: other databases of the server may depend on them. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`do $$ begin
      if to_regclass('public.maru_migrations') is not null then
        revoke all on public.maru_migrations from maru_owner;
        revoke all on sequence public.maru_migrations_id_seq from maru_owner;
      end if;
    end $$`);
    await runAsOwner(
      runner,
      `drop procedure maru.isolate(regclass);
       drop function maru.tenant_id();
       alter default privileges in schema maru revoke select on tables from maru_backup;
       alter default privileges in schema maru revoke select on sequences from maru_backup`,
    );
    await runner.query('drop schema maru');
    await runner.query('drop schema bullmq cascade');
  }

  private async createRoles(runner: QueryRunner): Promise<void> {
    await runner.query(createRole('maru_owner', 'nologin'));
    for (const role of LOGIN_ROLES) await runner.query(createRole(role, 'login noinherit nobypassrls'));
    // Only a superuser, or since PostgreSQL 16 a BYPASSRLS user, may give BYPASSRLS; without it dumps use the server's own means.
    await runner.query(`do $$ begin
      if exists (select from pg_roles where rolname = 'maru_backup') then return; end if;
      create role maru_backup login bypassrls;
    exception
      when duplicate_object or unique_violation then null;
      when insufficient_privilege then
        raise warning 'maru_backup cannot log in: this user may not grant BYPASSRLS';
        create role maru_backup nologin;
    end $$`);
  }

  private async createSchemas(runner: QueryRunner): Promise<void> {
    // A CREATEROLE user may not act as a role that it made until it grants the membership to itself.
    await runner.query(`do $$ begin
      if not (select rolsuper from pg_roles where rolname = current_user) then
        execute format('grant maru_owner to %I', current_user);
      end if;
    end $$`);
    await runner.query(`
      create schema maru authorization maru_owner;
      create schema bullmq authorization maru_owner`);
    await runAsOwner(
      runner,
      `grant usage on schema maru to maru_app, maru_ingest, maru_worker, maru_auth, maru_platform, maru_audit, maru_backup;
       grant usage, create on schema bullmq to maru_queue;
       alter default privileges in schema maru grant select on tables to maru_backup;
       alter default privileges in schema maru grant select on sequences to maru_backup`,
    );
  }

  private async createIsolation(runner: QueryRunner): Promise<void> {
    // nullif: a pooled connection that once had the setting answers '' afterwards, and ''::uuid raises.
    await runAsOwner(
      runner,
      `create function maru.tenant_id() returns uuid language sql stable parallel safe
         as $$ select nullif(current_setting('maru.tenant_id', true), '')::uuid $$;
       comment on function maru.tenant_id() is 'Tenant of the current transaction; null outside one.';
       create procedure maru.isolate(t regclass) language plpgsql as $$ begin
         execute format('alter table %1$s enable row level security; alter table %1$s force row level security', t);
         execute format('create policy tenant on %s for all to maru_app
           using (tenant_id = (select maru.tenant_id())) with check (tenant_id = (select maru.tenant_id()))', t);
       end $$;
       comment on procedure maru.isolate(regclass) is 'Row-level security of a tenant table; every one goes through it.';
       revoke execute on procedure maru.isolate(regclass) from public`,
    );
  }
}
