import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';
import type { Upload } from './upload.js';

const COLUMNS = `tenant_id as "tenantId", id, purpose, name, bytes::float8 as bytes, sha256, completed_at as "completedAt",
  created_at as "createdAt", expires_at as "expiresAt"`;

/** An upload that is not written yet. */
export interface NewUpload extends Omit<Upload, 'createdAt' | 'completedAt' | 'expiresAt'> {
  readonly idempotencyKey: string | null;
  readonly fingerprint: string;
  readonly createdBy: string;
}

/** Uploads of one tenant at a time. */
@Injectable()
export class UploadsRepository {
  constructor(private readonly db: TenantDb) {}

  /** Open for a day. Throws 23505 when the idempotency key is taken. */
  async insert(upload: NewUpload): Promise<Upload> {
    const { tenantId, id, purpose, name, bytes, sha256, idempotencyKey, fingerprint, createdBy } = upload;
    const [row] = await this.db.one<Upload>(tenantId, {
      text: `insert into maru.uploads (tenant_id, id, purpose, name, bytes, sha256, idempotency_key, fingerprint, created_by, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + interval '1 day') returning ${COLUMNS}`,
      values: [tenantId, id, purpose, name, bytes, sha256, idempotencyKey, fingerprint, createdBy],
    });
    return row!;
  }

  /** Null for one that does not exist, is another tenant's, or has expired. */
  async find(tenantId: string, id: string): Promise<Upload | null> {
    const [row] = await this.db.one<Upload>(tenantId, {
      text: `select ${COLUMNS} from maru.uploads where tenant_id = $1 and id = $2 and (completed_at is not null or expires_at > now())`,
      values: [tenantId, id],
    });
    return row ?? null;
  }

  async isTenantSuspended(tenantId: string): Promise<boolean> {
    const text = `select from maru.tenants where id = $1 and status <> 'active'`;
    return (await this.db.one(tenantId, { text, values: [tenantId] })).length > 0;
  }

  async findByKey(tenantId: string, key: string): Promise<(Upload & { readonly fingerprint: string }) | null> {
    const [row] = await this.db.one<Upload & { fingerprint: string }>(tenantId, {
      text: `select ${COLUMNS}, fingerprint from maru.uploads where tenant_id = $1 and idempotency_key = $2`,
      values: [tenantId, key],
    });
    return row ?? null;
  }

  async complete(tenantId: string, id: string): Promise<void> {
    await this.db.one(tenantId, {
      text: 'update maru.uploads set completed_at = now() where tenant_id = $1 and id = $2',
      values: [tenantId, id],
    });
  }
}
