import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { publicId } from '../common/ids.js';
import { inTransaction } from '../database/in-transaction.js';
import { PlatformPool } from '../database/role-pool.js';
import type { PublishedBrand, Tenant } from './tenant.js';
import type { TenantLocales, TenantStatus } from './tenant.entity.js';
import { LAUNCH_SETTINGS } from './tenant-launches.repository.js';
import { TenantAlreadyExistsError } from './tenants.errors.js';

const UNIQUE_VIOLATION = '23505';

const INSERT_TENANT = `
  insert into maru.tenants (id, slug, name, weight, locales, settings) values ($1, $2, $3, $4, $5, ${LAUNCH_SETTINGS})`;
const INSERT_DOMAIN = `
  insert into maru.tenant_domains (tenant_id, hostname, status, cert_status) values ($1, $2, 'active', $3)`;
const INSERT_BRAND = `
  insert into maru.tenant_brand_versions (tenant_id, version, status, doc, compiled_css, css_sha256, published_at)
  values ($1, 1, 'published', $2, $3, $4, now())`;
const POINT_TO_BRAND = `update maru.tenants set active_brand_version = 1 where id = $1`;
const SELECT = `
  select t.id, t.slug, t.name, t.status, t.weight, t.locales, t.created_at as "createdAt",
    array(select d.hostname from maru.tenant_domains d
          where d.tenant_id = t.id and d.status = 'active' order by d.hostname) as hosts
  from maru.tenants t`;
const LIST = `${SELECT} where $1::uuid is null or t.id > $1 order by t.id limit $2`;
const FIND = `${SELECT} where t.id = $1`;
const SET_STATUS = `
  update maru.tenants t set status = $2, delete_after = case when $2 = 'active' then null else t.delete_after end, settings = jsonb_set(t.settings, '{suspension}', $3::jsonb)
    from (select id, status from maru.tenants where id = $1 for update) o
   where t.id = o.id returning o.status as before`;

/** A tenant that does not exist yet. */
export interface TenantRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly weight: number;
  readonly locales: TenantLocales;
  readonly hostname: string;
  readonly isSecure: boolean;
  readonly brand: Omit<PublishedBrand, 'version'> | null;
  /** Digest of the request whose first step this is. */
  readonly launch: string | null;
}

/** Tenants across the installation, as maru_platform. */
@Injectable()
export class PlatformTenantsRepository {
  constructor(
    private readonly pool: PlatformPool,
    private readonly audit: AuditTrail,
  ) {}

  /** All of it and its trace, or nothing. @throws TenantAlreadyExistsError */
  async insert(tenant: TenantRow, actor: AuditActor): Promise<void> {
    try {
      await inTransaction(this.pool, async (client) => {
        await this.insertInto(client, tenant);
        const { id, slug, name, weight, hostname } = tenant;
        const target = { type: 'tenant', id: publicId('tenant', id) };
        const after = { slug, name, weight, hostname };
        await this.audit.record(client, { tenantId: id, actor, action: 'tenant.created', target, after });
      });
    } catch (error) {
      throw toTenantError(error, tenant);
    }
  }

  /** Tenants in the order of their creation, after the one with `afterId`. */
  async list(limit: number, afterId: string | null): Promise<Tenant[]> {
    const { rows } = await this.pool.query<Tenant>(LIST, [afterId, limit]);
    return rows;
  }

  async find(id: string): Promise<Tenant | null> {
    const { rows } = await this.pool.query<Tenant>(FIND, [id]);
    return rows[0] ?? null;
  }

  /** @param reason why it is suspended; null when it is active again. False when there is no such tenant. */
  async setStatus(id: string, status: TenantStatus, reason: string | null, actor: AuditActor): Promise<boolean> {
    const suspension = reason === null ? null : { reason, at: new Date().toISOString() };
    return inTransaction(this.pool, async (client) => {
      const { rows } = await client.query<{ before: TenantStatus }>(SET_STATUS, [
        id,
        status,
        JSON.stringify(suspension),
      ]);
      if (!rows[0]) return false;
      await this.audit.record(client, {
        tenantId: id,
        actor,
        action: status === 'suspended' ? 'tenant.suspended' : 'tenant.resumed',
        target: { type: 'tenant', id: publicId('tenant', id) },
        reason,
        before: { status: rows[0].before },
        after: { status },
      });
      return true;
    });
  }

  private async insertInto(client: pg.PoolClient, tenant: TenantRow): Promise<void> {
    const { id, slug, name, weight, locales, hostname, isSecure, brand, launch } = tenant;
    await client.query(INSERT_TENANT, [id, slug, name, weight, JSON.stringify(locales), launch]);
    await client.query(INSERT_DOMAIN, [id, hostname, isSecure ? 'active' : 'pending_verification']);
    if (!brand) return;
    await client.query(INSERT_BRAND, [id, JSON.stringify(brand.doc), brand.css, brand.cssSha256]);
    await client.query(POINT_TO_BRAND, [id]);
  }
}

function toTenantError(error: unknown, tenant: TenantRow): unknown {
  if (!(error instanceof pg.DatabaseError) || error.code !== UNIQUE_VIOLATION) return error;
  if (error.constraint === 'tenant_domains_hostname_key')
    return new TenantAlreadyExistsError('hostname', tenant.hostname);
  return new TenantAlreadyExistsError('slug', tenant.slug);
}
