import { Injectable } from '@nestjs/common';
import { FileStore } from './file-store.js';

/** What a worker needs of files: their bytes. The id comes from a job's row, which only its own tenant could write. */
@Injectable()
export class StoredFiles {
  constructor(private readonly store: FileStore) {}

  /** The whole content; null when the bytes are gone. */
  read(tenantId: string, fileId: string): Promise<Buffer | null> {
    return this.store.read(tenantId, fileId);
  }
}
