import { Injectable } from '@nestjs/common';
import { AuthPool } from '../database/role-pool.js';
import { TenantDb } from '../database/tenant-db.js';

/** A key as the look-up sees it. */
export interface ApiKeyRow {
  readonly id: string;
  readonly tenantId: string;
  readonly hash: Buffer;
  readonly scopes: readonly string[];
  readonly allowedCidrs: readonly string[];
  /** Neither revoked nor expired. */
  readonly isUsable: boolean;
  /** The last use was noted more than a minute ago. */
  readonly needsTouch: boolean;
  readonly isTenantSuspended: boolean;
}

/** A key to store. */
export interface NewApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly lookup: string;
  readonly hash: Buffer;
  readonly start: string;
  readonly last4: string;
  readonly scopes: readonly string[];
  readonly allowedCidrs: readonly string[];
  readonly expiresAt: Date | null;
  readonly createdBy: string | null;
}

const SELECT = `
  select k.id, k.tenant_id as "tenantId", k.hash, k.scopes, k.allowed_cidrs as "allowedCidrs",
    k.revoked_at is null and (k.expires_at is null or k.expires_at > now()) as "isUsable",
    k.last_used_at is null or k.last_used_at < now() - interval '1 minute' as "needsTouch",
    t.status <> 'active' as "isTenantSuspended"
  from maru.api_keys k join maru.tenants t on t.id = k.tenant_id`;
const FIND = `${SELECT} where k.lookup = $1`;
const FIND_BY_ID = `${SELECT} where k.tenant_id = $1 and k.id = $2`;

/** Rows of API keys; found before the tenant is known, changed inside it. */
@Injectable()
export class ApiKeysRepository {
  constructor(
    private readonly authPool: AuthPool,
    private readonly db: TenantDb,
  ) {}

  /** Inside an open transaction. */
  async insert(tenantId: string, key: NewApiKeyRow): Promise<void> {
    await this.db.manager.query(
      `insert into maru.api_keys
        (tenant_id, id, name, lookup, hash, start, last4, scopes, allowed_cidrs, expires_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        tenantId,
        key.id,
        key.name,
        key.lookup,
        key.hash,
        key.start,
        key.last4,
        key.scopes,
        key.allowedCidrs,
        key.expiresAt,
        key.createdBy,
      ],
    );
  }

  async find(lookup: string): Promise<ApiKeyRow | null> {
    return (await this.authPool.query<ApiKeyRow>(FIND, [lookup])).rows[0] ?? null;
  }

  async findById(tenantId: string, id: string): Promise<ApiKeyRow | null> {
    const [row] = await this.db.one<ApiKeyRow>(tenantId, { text: FIND_BY_ID, values: [tenantId, id] });
    return row ?? null;
  }

  async touch(tenantId: string, id: string): Promise<void> {
    const text = 'update maru.api_keys set last_used_at = now() where tenant_id = $1 and id = $2';
    await this.db.one(tenantId, { text, values: [tenantId, id] });
  }

  async name(tenantId: string, id: string): Promise<string | null> {
    const text = 'select name from maru.api_keys where tenant_id = $1 and id = $2';
    const [row] = await this.db.one<{ name: string }>(tenantId, { text, values: [tenantId, id] });
    return row?.name ?? null;
  }
}
