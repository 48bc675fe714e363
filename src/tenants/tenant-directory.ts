import { Injectable } from '@nestjs/common';
import { AuthPool } from '../database/role-pool.js';
import { TenantDb } from '../database/tenant-db.js';
import { hostnameOf } from './hostname.js';
import type { PublicTenant } from './tenant.js';
import type { TenantStatus } from './tenant.entity.js';
import { isStorableText } from '../common/storable-text.js';
import { TtlCache } from '../common/ttl-cache.js';

const TTL_MS = 5_000; // a suspension takes effect within 5 s
const MAX_TENANTS = 2_000; // ~2 KiB each with branding

const BY_HOST = `select d.tenant_id as id from maru.tenant_domains d where d.hostname = $1 and d.status = 'active'`;
const BY_SLUG = `select t.id from maru.tenants t where t.slug = $1`;
const PUBLIC_PART = `
  select t.id, t.slug, t.name, t.status, b.version, b.doc, b.compiled_css as css, b.css_sha256 as "cssSha256"
  from maru.tenants t
  left join maru.tenant_brand_versions b on b.tenant_id = t.id and b.version = t.active_brand_version
  where t.id = $1`;

interface PublicRow {
  id: string;
  slug: string;
  name: string;
  status: TenantStatus;
  version: number | null;
  doc: Record<string, unknown>;
  css: string;
  cssSha256: string;
}

/** Finds tenants before anybody has signed in. Answers are at most 5 s old; null = there is no such tenant. */
@Injectable()
export class TenantDirectory {
  private readonly ids = new TtlCache<string | null>(TTL_MS, MAX_TENANTS);
  private readonly tenants = new TtlCache<PublicTenant | null>(TTL_MS, MAX_TENANTS);

  constructor(
    private readonly authPool: AuthPool,
    private readonly db: TenantDb,
  ) {}

  /** @param hostHeader as the client sent it; a port is ignored */
  byHost(hostHeader: string): Promise<PublicTenant | null> {
    const hostname = hostnameOf(hostHeader);
    return this.resolve(`host:${hostname}`, BY_HOST, hostname);
  }

  bySlug(slug: string): Promise<PublicTenant | null> {
    return this.resolve(`slug:${slug}`, BY_SLUG, slug);
  }

  /** @param tenantId uuid from a verified credential */
  byId(tenantId: string): Promise<PublicTenant | null> {
    return this.tenants.get(tenantId, () => this.read(tenantId));
  }

  /** Forgets every answer: call it after this process changed a tenant, so that it sees the change at once. */
  forget(): void {
    this.ids.clear();
    this.tenants.clear();
  }

  private async resolve(key: string, sql: string, value: string): Promise<PublicTenant | null> {
    if (value.length > 253 || !isStorableText(value)) return null; // no host name; keep it out of cache and database
    const id = await this.ids.get(key, async () => {
      const { rows } = await this.authPool.query<{ id: string }>(sql, [value]);
      return rows[0]?.id ?? null;
    });
    return id === null ? null : this.byId(id);
  }

  private async read(tenantId: string): Promise<PublicTenant | null> {
    const [row] = await this.db.one<PublicRow>(tenantId, { text: PUBLIC_PART, values: [tenantId] });
    return row ? toPublicTenant(row) : null;
  }
}

function toPublicTenant({ id, slug, name, status, version, doc, css, cssSha256 }: PublicRow): PublicTenant {
  return { id, slug, name, status, brand: version === null ? null : { version, doc, css, cssSha256 } };
}
