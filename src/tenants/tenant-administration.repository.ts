import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { PlatformPool } from '../database/role-pool.js';
import type { QuotaOverride, TenantChange, TenantSettings } from './tenant-settings.js';

const SETTINGS = `
  select t.name, t.status, t.weight, t.locales, t.retention_days as "retentionDays", t.max_queued_jobs as "maxQueuedJobs",
         coalesce((select p.plan from maru.tenant_plans p where p.tenant_id = t.id and p.valid_from <= now()
                    order by p.valid_from desc limit 1), 'standard') as plan,
         t.settings #>> '{suspension,reason}' as "suspendedReason",
         to_char(t.delete_after at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "deleteAfter"
    from maru.tenants t where t.id = $1`;
const UPDATE = `
  update maru.tenants set name = coalesce($2, name), weight = coalesce($3, weight), locales = coalesce($4, locales),
         retention_days = coalesce($5, retention_days), max_queued_jobs = coalesce($6, max_queued_jobs)
   where id = $1`;
const SET_PLAN = `
  insert into maru.tenant_plans (tenant_id, plan, valid_from) values ($1, $2, clock_timestamp())`;
const SET_QUOTAS = `
  insert into maru.tenant_quotas (tenant_id, name, quota, reason, expires_at, created_by)
  select $1, q.name, q.quota, q.reason, q.expires_at, $2
    from json_to_recordset($3) q(name text, quota bigint, reason text, expires_at timestamptz)`;
const QUOTAS = `
  select name, quota::float8 as "limit", reason, expires_at as "expiresAt"
    from maru.tenant_quotas where tenant_id = $1 order by name`;

/** Statements of operators about one tenant, as maru_platform, inside the caller's transaction. */
@Injectable()
export class TenantAdministrationRepository {
  constructor(private readonly pool: PlatformPool) {}

  async settings(id: string): Promise<TenantSettings | null> {
    return (await this.pool.query<TenantSettings>(SETTINGS, [id])).rows[0] ?? null;
  }

  /** Locks the tenant. */
  async lock(client: pg.PoolClient, id: string): Promise<TenantSettings | null> {
    return (await client.query<TenantSettings>(`${SETTINGS} for update`, [id])).rows[0] ?? null;
  }

  /** False for a plan that does not exist. */
  async hasPlan(plan: string): Promise<boolean> {
    return (await this.pool.query('select 1 from maru.plans where name = $1', [plan])).rows.length > 0;
  }

  async update(client: pg.PoolClient, id: string, change: TenantChange): Promise<void> {
    const { name, weight, locales, retentionDays, maxQueuedJobs, plan } = change;
    const json = locales === undefined ? null : JSON.stringify(locales);
    await client.query(UPDATE, [id, name ?? null, weight ?? null, json, retentionDays ?? null, maxQueuedJobs ?? null]);
    if (plan !== undefined) await client.query(SET_PLAN, [id, plan]);
  }

  async quotas(client: pg.PoolClient, id: string): Promise<QuotaOverride[]> {
    return (await client.query<QuotaOverride>(QUOTAS, [id])).rows;
  }

  /** Exactly these exceptions from now on. */
  async setQuotas(
    client: pg.PoolClient,
    id: string,
    quotas: readonly QuotaOverride[],
    by: string | null,
  ): Promise<void> {
    const rows = quotas.map(({ name, limit, reason, expiresAt }) => ({
      name,
      quota: limit,
      reason,
      expires_at: expiresAt,
    }));
    await client.query('delete from maru.tenant_quotas where tenant_id = $1', [id]);
    await client.query(SET_QUOTAS, [id, by, JSON.stringify(rows)]);
  }

  /** Suspends it and sets the end of its grace; null takes that back. */
  async setDeletion(client: pg.PoolClient, id: string, reason: string, graceDays: number): Promise<void> {
    const suspension = JSON.stringify({ reason, at: new Date().toISOString() });
    await client.query(
      `update maru.tenants set status = 'suspended', delete_after = clock_timestamp() + make_interval(days => $2),
              settings = jsonb_set(settings, '{suspension}', $3::jsonb) where id = $1`,
      [id, graceDays, suspension],
    );
  }
}
