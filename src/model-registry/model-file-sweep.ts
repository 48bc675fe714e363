import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../database/role-pool.js';
import { ModelFiles } from './model-files.js';

/** What is younger may belong to an upload whose row is not written yet. */
const MIN_AGE_MS = 24 * 60 * 60_000;

/** Removes the files of models that were rejected or retired, and what uploads that broke off have left. */
@Injectable()
export class ModelFileSweep {
  readonly name = 'model files';

  constructor(
    private readonly pool: WorkerPool,
    private readonly files: ModelFiles,
  ) {}

  /** One round; resolves with how many directories went. */
  async run(nowMs = Date.now()): Promise<{ readonly removed: number }> {
    const old = await this.files.olderThan(nowMs - MIN_AGE_MS);
    const { rows } = await this.pool.query<{ digest: string }>(
      `select distinct digest from maru.model_versions where digest = any($1) and status in ('admitting', 'ready')`,
      [old],
    );
    const needed = new Set(rows.map(({ digest }) => digest));
    const gone = old.filter((digest) => !needed.has(digest));
    for (const digest of gone) await this.files.remove(digest);
    const broken = await this.files.removeIncoming(nowMs - MIN_AGE_MS);
    return { removed: gone.length + broken };
  }
}
