import { createWriteStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { StorageConfig } from '../config/config.js';
import { DiskGuard } from '../files/disk-guard.js';
import { PayloadTooLargeError } from '../http/http.errors.js';
import type { Upload } from './upload.js';

/** What an upload has received so far: one growing file each, below `DATA_DIR/uploads`. */
@Injectable()
export class UploadParts {
  private readonly root: string;

  constructor(
    storage: StorageConfig,
    private readonly disk: DiskGuard,
  ) {
    this.root = path.join(storage.dataDir, 'uploads');
  }

  pathOf({ tenantId, id }: Pick<Upload, 'tenantId' | 'id'>): string {
    return path.join(this.root, tenantId, id);
  }

  /** Makes room for an upload. */
  async open(upload: Upload): Promise<void> {
    const file = this.pathOf(upload);
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await fs.writeFile(file, '', { flag: 'a', mode: 0o600 });
  }

  async receivedBytes(upload: Upload): Promise<number> {
    const stat = await fs.stat(this.pathOf(upload)).catch(() => null);
    return stat?.size ?? 0;
  }

  /**
   * Adds a part at the end. What arrived of one that breaks off stays: its sender goes on from there.
   * @param lengthBytes of the part
   * @throws PayloadTooLargeError for more bytes than that, DiskFullError
   */
  async append(upload: Upload, content: Readable, startBytes: number, lengthBytes: number): Promise<void> {
    const { disk } = this;
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        try {
          if (bytes > lengthBytes) throw new PayloadTooLargeError(`This part has more than its ${lengthBytes} bytes.`);
          disk.take(chunk.length);
          done(null, chunk);
        } catch (error) {
          done(error as Error);
        }
      },
    });
    await pipeline(content, meter, createWriteStream(this.pathOf(upload), { flags: 'r+', start: startBytes }));
  }

  async remove(upload: Pick<Upload, 'tenantId' | 'id'>): Promise<void> {
    await fs.rm(this.pathOf(upload), { force: true });
  }
}
