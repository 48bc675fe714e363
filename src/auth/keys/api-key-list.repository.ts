import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { ApiKey } from './api-key.js';

const COLUMNS = `id, name, start, last4, scopes, allowed_cidrs as "allowedCidrs", expires_at as "expiresAt",
  last_used_at as "lastUsedAt", created_by as "createdBy", created_at as "createdAt", replaced_by as "replacedBy",
  coalesce(expires_at <= now(), false) as "isExpired"`;
const LIST = `
  select ${COLUMNS} from maru.api_keys
  where tenant_id = $1 and revoked_at is null and ($2::uuid is null or id < $2) order by id desc limit $3`;
const FIND = `select ${COLUMNS} from maru.api_keys where tenant_id = $1 and id = $2 and revoked_at is null`;
const REPLACE = `
  update maru.api_keys set replaced_by = $3, expires_at = least(expires_at, now() + $4 * interval '1 ms')
  where tenant_id = $1 and id = $2`;

/** API keys as they are managed. A revoked one is kept for the audit log and shown to nobody. */
@Injectable()
export class ApiKeyListRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first, after the one with `afterId`. */
  list(tenantId: string, limit: number, afterId: string | null): Promise<ApiKey[]> {
    return this.db.one<ApiKey>(tenantId, { text: LIST, values: [tenantId, afterId, limit] });
  }

  /** Inside an open transaction, which then holds the row. */
  async lock(tenantId: string, id: string): Promise<ApiKey | null> {
    const rows: ApiKey[] = await this.db.manager.query(`${FIND} for update`, [tenantId, id]);
    return rows[0] ?? null;
  }

  /** Lets a key expire when the overlap ends, inside an open transaction. @param overlapMs 0 = now */
  async replace(tenantId: string, id: string, replacedBy: string, overlapMs: number): Promise<void> {
    await this.db.manager.query(REPLACE, [tenantId, id, replacedBy, overlapMs]);
  }

  /** Inside an open transaction. */
  async revoke(tenantId: string, id: string): Promise<void> {
    const text = 'update maru.api_keys set revoked_at = now() where tenant_id = $1 and id = $2';
    await this.db.manager.query(text, [tenantId, id]);
  }
}
