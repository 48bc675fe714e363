import { createHmac, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { Injectable } from '@nestjs/common';
import { Secrets, StorageConfig } from '../config/config.js';

/** The last link of a chain at some time. */
export interface ChainHead {
  /** uuid. */
  readonly tenantId: string;
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}

/** A head that was noted; `isGenuine` is false when its signature is not ours. */
export interface NotedHead extends ChainHead {
  readonly isGenuine: boolean;
}

const FILE = 'audit-heads.jsonl';

/**
 * Notes the heads of the chains outside the database, signed with a key that the database never sees: a chain alone shows
 * neither a cut end nor a rewrite of the whole. One line a head, appended.
 */
@Injectable()
export class ChainAnchor {
  private readonly file: string;
  private readonly key: Buffer;

  constructor(storage: StorageConfig, secrets: Secrets) {
    this.file = path.join(storage.dataDir, FILE);
    this.key = secrets.derive('audit-heads');
  }

  async note(heads: readonly ChainHead[]): Promise<void> {
    if (heads.length === 0) return;
    const lines = heads.map(({ tenantId, seq, hash }) =>
      JSON.stringify({ tenantId, seq, hash, sig: this.sign(tenantId, seq, hash) }),
    );
    await fs.mkdir(path.dirname(this.file), { recursive: true });
    await fs.appendFile(this.file, `${lines.join('\n')}\n`, { mode: 0o600, flush: true });
  }

  /** Every head that was noted, oldest first; none without the file. A line that is no head counts as not genuine. */
  async heads(): Promise<NotedHead[]> {
    const text = await fs.readFile(this.file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    });
    return text
      .split('\n')
      .filter(Boolean)
      .map((line) => this.read(line));
  }

  private read(line: string): NotedHead {
    try {
      const { tenantId, seq, hash, sig } = JSON.parse(line) as ChainHead & { sig: string };
      const [given, own] = [Buffer.from(String(sig)), Buffer.from(this.sign(tenantId, seq, hash))];
      return { tenantId, seq, hash, isGenuine: given.length === own.length && timingSafeEqual(given, own) };
    } catch {
      return { tenantId: '', seq: 0, hash: '', isGenuine: false };
    }
  }

  private sign(tenantId: string, seq: number, hash: string): string {
    return createHmac('sha256', this.key).update(`${tenantId} ${seq} ${hash}`).digest('base64url');
  }
}
