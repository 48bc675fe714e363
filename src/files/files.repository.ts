import { Injectable } from '@nestjs/common';
import { plainArray } from '../database/array-parameters.js';
import { StorageQuotaExceededError } from '../http/quota-exceeded.error.js';
import { TenantDb } from '../database/tenant-db.js';
import type { StoredFile } from './stored-file.js';

const COLUMNS = `id, purpose, name, mime_type as "mimeType", bytes::float8 as bytes, sha256, width, height, status,
  created_at as "createdAt", expires_at as "expiresAt"`;

/** Rows of files, one tenant at a time. */
@Injectable()
export class FilesRepository {
  constructor(private readonly db: TenantDb) {}

  /** @throws StorageQuotaExceededError */
  async insert(
    tenantId: string,
    file: Omit<StoredFile, 'createdAt' | 'expiresAt'>,
    createdBy: string,
  ): Promise<StoredFile> {
    const { id, purpose, name, mimeType, bytes, sha256, width, height, status } = file;
    const query = {
      text: `insert into maru.files (tenant_id, id, purpose, name, mime_type, bytes, sha256, width, height, status, created_by)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning ${COLUMNS}`,
      values: [tenantId, id, purpose, name, mimeType, bytes, sha256, width, height, status, createdBy],
    };
    const [row] = await this.db.one<StoredFile>(tenantId, query).catch((error: unknown) => {
      throw toQuotaError(error);
    });
    return row!;
  }

  /** Those of the tenant's files that exist, in no order. */
  find(tenantId: string, ids: readonly string[]): Promise<StoredFile[]> {
    return this.db.one<StoredFile>(tenantId, {
      name: 'files-find',
      text: `select ${COLUMNS} from maru.files where tenant_id = $1 and id = any($2)`,
      values: [tenantId, plainArray(ids)],
    });
  }

  /** Newest first, before the file with `beforeId`. */
  list(tenantId: string, limit: number, beforeId: string | null): Promise<StoredFile[]> {
    return this.db.one<StoredFile>(tenantId, {
      text: `select ${COLUMNS} from maru.files where tenant_id = $1 and ($3::uuid is null or id < $3) order by id desc limit $2`,
      values: [tenantId, limit, beforeId],
    });
  }
}

/** The trigger that counts stored bytes refuses a file above the limit. */
function toQuotaError(error: unknown): unknown {
  const { code, detail } = error as { code?: unknown; detail?: unknown };
  if (code !== 'MQ001' || typeof detail !== 'string') return error;
  const { limit, current } = JSON.parse(detail) as { limit: number; current: number };
  return new StorageQuotaExceededError(limit, current);
}
