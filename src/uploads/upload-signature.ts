import { createHmac, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NotFoundError } from '../common/domain-error.js';
import { publicId, uuidOf } from '../common/ids.js';
import { Secrets } from '../config/config.js';
import type { Upload } from './upload.js';

/** Signed addresses for the parts of one upload: whoever holds one may add to it, and nothing else. */
@Injectable()
export class UploadSignature {
  private readonly key: Buffer;

  constructor(secrets: Secrets) {
    this.key = secrets.derive('upload-url');
  }

  /** Path and query, good as long as the upload is open. */
  urlOf({ tenantId, id }: Pick<Upload, 'tenantId' | 'id'>): string {
    const tenant = publicId('tenant', tenantId);
    return `/v1/uploads/${publicId('file', id)}?tenant=${tenant}&signature=${this.sign(tenantId, id).toString('base64url')}`;
  }

  /** The uuid of the tenant that an address speaks for. @throws NotFoundError for one that we did not sign */
  tenantOf(id: string, tenant: string | undefined, signature: string | undefined): string {
    const tenantId = uuidOf('tenant', tenant ?? '');
    const given = Buffer.from(signature ?? '', 'base64url');
    const expected = this.sign(tenantId ?? '', id);
    if (!tenantId || given.length !== expected.length || !timingSafeEqual(given, expected)) throw new NotFoundError();
    return tenantId;
  }

  private sign(tenantId: string, id: string): Buffer {
    return createHmac('sha256', this.key).update(`${tenantId} ${id}`).digest();
  }
}
