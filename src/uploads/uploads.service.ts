import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { TenantSuspendedError } from '../auth/auth.errors.js';
import { principalPublicId } from '../auth/principal.js';
import type { TenantContext } from '../auth/tenant-context.js';
import { canonicalJson } from '../common/canonical-json.js';
import { NotFoundError, ValidationFailedError } from '../common/domain-error.js';
import { newUuid } from '../common/ids.js';
import { isTaken } from '../database/taken-key.js';
import { DiskGuard } from '../files/disk-guard.js';
import { factsOf, factsOfBeginning } from '../files/file-facts.js';
import { FilesService } from '../files/files.service.js';
import type { StoredFile } from '../files/stored-file.js';
import { IdempotencyKeyReusedError } from '../jobs/jobs.errors.js';
import type { PartRange } from './content-range.js';
import { UPLOAD_LIMITS, type Upload } from './upload.js';
import { UploadParts } from './upload-parts.js';
import { UploadOffsetError, UploadStateError } from './uploads.errors.js';
import { UploadsRepository } from './uploads.repository.js';

/** Content kept in memory to tell the type. */
const HEAD_BYTES = 4 * 2 ** 20;

/** Uploads in parts: begun, received part by part, and completed into a file. */
@Injectable()
export class Uploads {
  private readonly receiving = new Set<string>();

  constructor(
    private readonly repository: UploadsRepository,
    private readonly parts: UploadParts,
    private readonly files: FilesService,
    private readonly disk: DiskGuard,
  ) {}

  /** @throws ValidationFailedError, IdempotencyKeyReusedError, DiskFullError */
  async begin(
    context: TenantContext,
    request: Pick<Upload, 'purpose' | 'name' | 'bytes' | 'sha256'>,
    idempotencyKey: string | null,
  ): Promise<Upload> {
    const most = UPLOAD_LIMITS[request.purpose];
    if (request.bytes > most) {
      throw new ValidationFailedError([{ pointer: '/bytes', code: 'too_large', message: `must be at most ${most}` }]);
    }
    await this.disk.reserve(request.bytes);
    const fingerprint = createHash('sha256')
      .update(`POST /v1/uploads ${canonicalJson(request)}`)
      .digest('hex');
    const { tenantId } = context;
    const createdBy = principalPublicId(context.principal);
    const upload = { ...request, tenantId, id: newUuid(), idempotencyKey, fingerprint, createdBy };
    const known = await this.known(upload);
    if (known) return known;
    const begun = await this.repository.insert(upload).catch(async (error: unknown) => {
      const other = isTaken(error) ? await this.known(upload) : null;
      if (other) return other;
      throw error;
    });
    await this.parts.open(begun);
    return begun;
  }

  /** A signed address brings no credential that would tell. @throws TenantSuspendedError */
  async requireActive(tenantId: string): Promise<void> {
    if (await this.repository.isTenantSuspended(tenantId)) throw new TenantSuspendedError();
  }

  /** @throws NotFoundError */
  async get(tenantId: string, id: string): Promise<{ readonly upload: Upload; readonly receivedBytes: number }> {
    const upload = await this.repository.find(tenantId, id);
    if (!upload) throw new NotFoundError();
    return { upload, receivedBytes: upload.completedAt ? upload.bytes : await this.parts.receivedBytes(upload) };
  }

  /** Adds a part, which begins where the content ends so far. @throws UploadOffsetError, UploadStateError, DiskFullError */
  async receive(upload: Upload, content: Readable, { start, length }: PartRange): Promise<void> {
    const receivedBytes = await this.parts.receivedBytes(upload);
    if (upload.completedAt) throw new UploadStateError('This upload is complete.', 'complete');
    if (this.receiving.has(upload.id)) {
      throw new UploadOffsetError('Another part of this upload is being received.', receivedBytes);
    }
    this.receiving.add(upload.id);
    try {
      if (start !== receivedBytes)
        throw new UploadOffsetError('This part does not begin where the last one ended.', receivedBytes);
      await this.parts.append(upload, content, start, length);
    } finally {
      this.receiving.delete(upload.id);
    }
  }

  /**
   * Makes a file of what was received. Completing twice gives the same file.
   * @throws NotFoundError, UploadStateError; ValidationFailedError when the content is not what was announced
   */
  async complete(context: TenantContext, id: string): Promise<StoredFile> {
    const { upload, receivedBytes } = await this.get(context.tenantId, id);
    if (upload.completedAt) return this.files.get(context, id);
    if (receivedBytes !== upload.bytes || this.receiving.has(id)) {
      throw new UploadStateError(`${receivedBytes} of ${upload.bytes} bytes are here; send the rest.`, 'receiving');
    }
    const path = this.parts.pathOf(upload);
    const { sha256, head } = await digestOf(path);
    if (upload.sha256 !== null && upload.sha256 !== sha256) {
      await this.parts.remove(upload);
      await this.parts.open(upload);
      const message = `is ${upload.sha256}, the content has ${sha256}; send it again from the start`;
      throw new ValidationFailedError([{ pointer: '/sha256', code: 'digest_mismatch', message }]);
    }
    const facts = upload.bytes > head.length ? factsOfBeginning(head) : factsOf(head);
    const { purpose, name, bytes } = upload;
    const file = await this.files.adopt(context, {
      id,
      purpose,
      name,
      path,
      sha256,
      bytes,
      facts: facts && { ...facts, sizeBytes: bytes },
    });
    await this.repository.complete(context.tenantId, id);
    return file;
  }

  private async known(upload: {
    readonly tenantId: string;
    readonly idempotencyKey: string | null;
    readonly fingerprint: string;
  }): Promise<Upload | null> {
    if (upload.idempotencyKey === null) return null;
    const known = await this.repository.findByKey(upload.tenantId, upload.idempotencyKey);
    if (known && known.fingerprint !== upload.fingerprint) throw new IdempotencyKeyReusedError();
    return known;
  }
}

async function digestOf(path: string): Promise<{ readonly sha256: string; readonly head: Buffer }> {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    if (bytes < HEAD_BYTES) head.push(chunk);
    bytes += chunk.length;
  }
  return { sha256: hash.digest('hex'), head: Buffer.concat(head) };
}
