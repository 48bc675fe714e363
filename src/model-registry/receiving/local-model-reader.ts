import { createReadStream } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { DiskGuard } from '../../files/disk-guard.js';
import { ModelFiles } from '../model-files.js';
import { FileReceiver, MAX_MODEL_BYTES } from './file-receiver.js';
import type { IncomingFile, IncomingModel } from './incoming-model.js';
import { assertFileName, completeModel, manifestFrom } from './model-parts.js';

/** Reads a model out of files of this machine, under the rules of an upload. */
@Injectable()
export class LocalModelReader {
  constructor(
    private readonly files: ModelFiles,
    private readonly receiver: FileReceiver,
    private readonly disk: DiskGuard,
  ) {}

  /**
   * @param paths of every file that the manifest names, by its own name
   * @throws ValidationFailedError, PayloadTooLargeError, DiskFullError, and what the file system throws
   */
  async read(manifest: unknown, paths: readonly string[]): Promise<IncomingModel> {
    manifestFrom(manifest);
    await this.disk.reserve(0);
    const directory = await this.files.incomingDirectory();
    try {
      const files: IncomingFile[] = [];
      let leftBytes = MAX_MODEL_BYTES;
      for (const file of paths) {
        const name = path.basename(file);
        assertFileName(name, files);
        const received = await this.receiver.receive(createReadStream(file), directory, name, leftBytes);
        leftBytes -= received.bytes;
        files.push(received);
      }
      return completeModel(manifest, directory, files);
    } catch (error) {
      await fs.rm(directory, { recursive: true, force: true });
      throw error;
    }
  }
}
