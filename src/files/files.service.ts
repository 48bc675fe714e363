import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { principalPublicId } from '../auth/principal.js';
import type { TenantContext } from '../auth/tenant-context.js';
import { NotFoundError } from '../common/domain-error.js';
import { StorageQuotaExceededError } from '../http/quota-exceeded.error.js';
import { newUuid } from '../common/ids.js';
import { SharedReads } from '../database/shared-reads.js';
import { type FileFacts, factsOf } from './file-facts.js';
import { FileExpiredError } from './files.errors.js';
import { FilesRepository } from './files.repository.js';
import { FileStore } from './file-store.js';
import type { FilePurpose, StoredFile } from './stored-file.js';

const UNKNOWN_TYPE = 'application/octet-stream';
const MAX_NAME_CHARS = 255;

/** Files of a tenant: their bytes in the store, what is known of them in the database. */
@Injectable()
export class FilesService {
  /** Each of many requests at once wants one file. */
  private readonly rows: SharedReads<StoredFile>;

  constructor(
    private readonly repository: FilesRepository,
    private readonly store: FileStore,
  ) {
    this.rows = new SharedReads((tenantId, ids) => repository.find(tenantId, ids));
  }

  /** Stores content that is in memory; durable once it resolves. The bytes lie there before the record does. */
  async save(context: TenantContext, purpose: FilePurpose, name: string, content: Buffer): Promise<StoredFile> {
    const id = newUuid();
    await this.store.put(context.tenantId, id, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return this.record(context, { id, purpose, name, sha256, bytes: content.length, facts: factsOf(content) });
  }

  /** Takes a streamed upload over from the store's temporary place. `head` is its beginning, enough to tell its type. */
  async adopt(
    context: TenantContext,
    upload: {
      /** Reserved before; default: a new one. */
      id?: string;
      purpose: FilePurpose;
      name: string;
      path: string;
      sha256: string;
      bytes: number;
      facts: FileFacts | null;
    },
  ): Promise<StoredFile> {
    const { id = newUuid() } = upload;
    await this.store.adopt(context.tenantId, id, upload.path);
    return this.record(context, { ...upload, id });
  }

  /** Throws NotFoundError for an unknown or a foreign file. */
  async get(context: TenantContext, id: string): Promise<StoredFile> {
    const file = await this.rows.get(context.tenantId, id);
    if (!file) throw new NotFoundError();
    return file;
  }

  /** The tenant's own file if it is ready; null otherwise. */
  async findReady(context: TenantContext, id: string): Promise<StoredFile | null> {
    const file = await this.rows.get(context.tenantId, id);
    return file?.status === 'ready' ? file : null;
  }

  list(context: TenantContext, limit: number, beforeId: string | null): Promise<StoredFile[]> {
    return this.repository.list(context.tenantId, limit, beforeId);
  }

  /** Bytes of a file. Throws FileExpiredError when they are gone. */
  async open(context: TenantContext, file: StoredFile, range?: { start: number; end: number }): Promise<Readable> {
    const stream = file.status === 'ready' ? await this.store.open(context.tenantId, file.id, range) : null;
    if (!stream) throw new FileExpiredError();
    return stream;
  }

  /** Bytes without a record are removed: nobody would ever find them. */
  private async record(
    context: TenantContext,
    file: { id: string; purpose: FilePurpose; name: string; sha256: string; bytes: number; facts: FileFacts | null },
  ): Promise<StoredFile> {
    const { id, purpose, sha256, bytes, facts } = file;
    const name = file.name.replace(/[\p{Cc}/\\]/gu, '').slice(0, MAX_NAME_CHARS) || 'file';
    const { mimeType, width, height } = facts ?? { mimeType: UNKNOWN_TYPE, width: null, height: null };
    const row = { id, purpose, name, mimeType, bytes, sha256, width, height, status: 'ready' as const };
    try {
      return await this.repository.insert(context.tenantId, row, principalPublicId(context.principal));
    } catch (error) {
      if (error instanceof StorageQuotaExceededError) await this.store.remove(context.tenantId, id);
      throw error;
    }
  }
}
