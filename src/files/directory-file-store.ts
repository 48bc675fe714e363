import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { StorageConfig } from '../config/config.js';
import { FileStore } from './file-store.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Files below `DATA_DIR/files/<tenant>/<file>`. A path is made of uuids alone; names of clients never enter it. */
@Injectable()
export class DirectoryFileStore extends FileStore {
  private readonly root: string;

  constructor(storage: StorageConfig) {
    super();
    this.root = path.join(storage.dataDir, 'files');
  }

  async put(tenantId: string, fileId: string, content: Buffer): Promise<void> {
    const temporary = await this.temporaryPath();
    await fs.writeFile(temporary, content, { mode: 0o600, flag: 'wx' });
    await this.adopt(tenantId, fileId, temporary);
  }

  async adopt(tenantId: string, fileId: string, temporaryPath: string): Promise<void> {
    const target = this.pathOf(tenantId, fileId);
    await sync(temporaryPath);
    if (await fs.mkdir(path.dirname(target), { recursive: true, mode: 0o700 })) await sync(this.root);
    await fs.rename(temporaryPath, target);
    await sync(path.dirname(target));
  }

  async temporaryPath(): Promise<string> {
    const directory = path.join(this.root, 'incoming');
    await fs.mkdir(directory, { recursive: true, mode: 0o700 });
    return path.join(directory, randomUUID());
  }

  async read(tenantId: string, fileId: string): Promise<Buffer | null> {
    return fs.readFile(this.pathOf(tenantId, fileId)).catch(nullWhenMissing);
  }

  async open(tenantId: string, fileId: string, range?: { start: number; end: number }): Promise<Readable | null> {
    const handle = await fs.open(this.pathOf(tenantId, fileId), 'r').catch(nullWhenMissing);
    return handle?.createReadStream({ ...range, autoClose: true }) ?? null;
  }

  async remove(tenantId: string, fileId: string): Promise<void> {
    await fs.rm(this.pathOf(tenantId, fileId), { force: true });
  }

  private pathOf(tenantId: string, fileId: string): string {
    if (!UUID.test(tenantId) || !UUID.test(fileId)) throw new Error('a stored file is addressed by two uuids');
    return path.join(this.root, tenantId, fileId);
  }
}

/** A rename is durable once the file and its directory are. */
async function sync(target: string): Promise<void> {
  const handle = await fs.open(target, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
