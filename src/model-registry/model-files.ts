import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { StorageConfig } from '../config/config.js';
import type { ModelFile } from './stored-model.js';

const DIGEST = /^sha256:([0-9a-f]{64})$/;

/**
 * Files of uploaded models, below `DATA_DIR/models/<digest>/<runtime>/`: addressed by their content, read-only, and with
 * nothing else beside them, because a runtime may read the directory of the file that it loads.
 */
@Injectable()
export class ModelFiles {
  private readonly root: string;

  constructor(storage: StorageConfig) {
    this.root = path.join(storage.dataDir, 'models');
  }

  /** A new empty directory for files that arrive; whoever asked removes it when they are not adopted. */
  async incomingDirectory(): Promise<string> {
    const directory = path.join(this.root, 'incoming', randomUUID());
    await fs.mkdir(directory, { recursive: true, mode: 0o700 });
    return directory;
  }

  /**
   * Takes over what lies in `incoming` under plain names, in one step; the same content may be there already.
   * @param files every file that belongs to the model, each once
   */
  async adopt(incoming: string, digest: string, files: readonly ModelFile[]): Promise<void> {
    const staged = path.join(incoming, 'staged');
    for (const { runtime, name } of files) {
      await fs.mkdir(path.join(staged, runtime), { recursive: true, mode: 0o700 });
      const from = path.join(incoming, name);
      await sync(from);
      await fs.chmod(from, 0o400);
      await fs.rename(from, path.join(staged, runtime, name));
    }
    const target = this.directoryOf(digest);
    await fs.rename(staged, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
      await fs.rm(staged, { recursive: true, force: true });
      const now = new Date();
      await fs.utimes(target, now, now); // in use again: not to be swept before its row is there
    });
    await sync(this.root);
    await fs.rm(incoming, { recursive: true, force: true });
  }

  /** Absolute directory of one runtime's files. */
  artifactDirectory(digest: string, runtime: ModelFile['runtime']): string {
    return path.join(this.directoryOf(digest), runtime);
  }

  /** Digests whose directories were made, or taken into use again, before this instant (epoch ms). */
  async olderThan(beforeMs: number): Promise<string[]> {
    const names = (await namesIn(this.root)).filter((name) => /^[0-9a-f]{64}$/.test(name));
    const old: string[] = [];
    for (const name of names) if (await isOlder(path.join(this.root, name), beforeMs)) old.push(`sha256:${name}`);
    return old;
  }

  async remove(digest: string): Promise<void> {
    await fs.rm(this.directoryOf(digest), { recursive: true, force: true });
  }

  /** Removes what arrived before this instant (epoch ms) and was never adopted; resolves with how many uploads that were. */
  async removeIncoming(beforeMs: number): Promise<number> {
    const incoming = path.join(this.root, 'incoming');
    let removed = 0;
    for (const name of await namesIn(incoming)) {
      if (!(await isOlder(path.join(incoming, name), beforeMs))) continue;
      await fs.rm(path.join(incoming, name), { recursive: true, force: true });
      removed += 1;
    }
    return removed;
  }

  private directoryOf(digest: string): string {
    const hex = DIGEST.exec(digest)?.[1];
    if (!hex) throw new Error('a model is addressed by its digest');
    return path.join(this.root, hex);
  }
}

/** The digest of a model with these files; see modelDigest for the rule. */
export function digestOfFiles(files: readonly Pick<ModelFile, 'name' | 'sha256'>[]): string {
  const lines = files.map(({ name, sha256 }) => `${name} ${sha256}\n`).sort();
  return `sha256:${createHash('sha256').update(lines.join('')).digest('hex')}`;
}

function namesIn(directory: string): Promise<string[]> {
  return fs.readdir(directory).catch(() => []);
}

async function isOlder(target: string, beforeMs: number): Promise<boolean> {
  const stat = await fs.stat(target).catch(() => null);
  return stat !== null && stat.mtimeMs < beforeMs;
}

async function sync(target: string): Promise<void> {
  const handle = await fs.open(target, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
