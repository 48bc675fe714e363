import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Injectable } from '@nestjs/common';
import { DiskGuard } from '../../files/disk-guard.js';
import { PayloadTooLargeError } from '../../http/http.errors.js';
import type { IncomingFile } from './incoming-model.js';

/** Of all files of one model together: 512 MiB of weights and 8 MiB of description. */
export const MAX_MODEL_BYTES = 520 * 2 ** 20;

/** Writes streams of one model to disk while hashing them; memory does not grow with the file. */
@Injectable()
export class FileReceiver {
  constructor(private readonly disk: DiskGuard) {}

  /** @throws PayloadTooLargeError, DiskFullError */
  async receive(content: Readable, directory: string, name: string, allowedBytes: number): Promise<IncomingFile> {
    const hash = createHash('sha256');
    const { disk } = this;
    let bytes = 0;
    const meter = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        bytes += chunk.length;
        hash.update(chunk);
        try {
          if (bytes > allowedBytes) throw tooLarge();
          disk.take(chunk.length);
          done(null, chunk);
        } catch (error) {
          done(error as Error);
        }
      },
    });
    await pipeline(content, meter, createWriteStream(path.join(directory, name), { flags: 'wx', mode: 0o600 }));
    return { name, sha256: hash.digest('hex'), bytes };
  }
}

/** The one answer to a model that has too many bytes. */
export function tooLarge(): PayloadTooLargeError {
  return new PayloadTooLargeError(`The files of a model may have at most ${MAX_MODEL_BYTES} bytes together (520 MiB).`);
}
