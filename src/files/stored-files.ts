import { Injectable } from '@nestjs/common';
import { FairTurns } from '../common/fair-turns.js';
import { FileStore } from './file-store.js';

/** Files that are read at once; tenants take turns. */
const AT_ONCE = 8;

/** What a worker needs of files: their bytes. The id comes from a job's row, which only its own tenant could write. */
@Injectable()
export class StoredFiles {
  private readonly turns = new FairTurns(Array.from({ length: AT_ONCE }, () => true));

  constructor(private readonly store: FileStore) {}

  /** The whole content; null when the bytes are gone. */
  read(tenantId: string, fileId: string): Promise<Buffer | null> {
    return this.turns.run({ holder: tenantId }, () => this.store.read(tenantId, fileId));
  }
}
