import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { PlatformPool } from '../database/role-pool.js';
import type { PublishedBrand, Tenant } from './tenant.js';
import type { TenantLocales, TenantStatus } from './tenant.entity.js';
import { TenantAlreadyExistsError } from './tenants.errors.js';

const UNIQUE_VIOLATION = '23505';

const INSERT_TENANT = `
  insert into maru.tenants (id, slug, name, weight, locales) values ($1, $2, $3, $4, $5)`;
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
  update maru.tenants set status = $2, settings = jsonb_set(settings, '{suspension}', $3::jsonb) where id = $1`;

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
}

/** Tenants across the installation, as maru_platform. */
@Injectable()
export class PlatformTenantsRepository {
  constructor(private readonly pool: PlatformPool) {}

  /** All of it or nothing. @throws TenantAlreadyExistsError */
  async insert(tenant: TenantRow): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      await this.insertInto(client, tenant);
      await client.query('commit');
      client.release();
    } catch (error) {
      await client.query('rollback').then(
        () => client.release(),
        (lost: Error) => client.release(lost),
      );
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

  /** @param reason why it is suspended; null when it is active again */
  async setStatus(id: string, status: TenantStatus, reason: string | null): Promise<void> {
    const suspension = reason === null ? null : { reason, at: new Date().toISOString() };
    await this.pool.query(SET_STATUS, [id, status, JSON.stringify(suspension)]);
  }

  private async insertInto(client: pg.PoolClient, tenant: TenantRow): Promise<void> {
    const { id, slug, name, weight, locales, hostname, isSecure, brand } = tenant;
    await client.query(INSERT_TENANT, [id, slug, name, weight, JSON.stringify(locales)]);
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
