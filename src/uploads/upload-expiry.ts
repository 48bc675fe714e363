import { Injectable } from '@nestjs/common';
import { WorkerPool } from '../database/role-pool.js';
import { UploadParts } from './upload-parts.js';

const BATCH = 200;

/** Gives up uploads that were not completed in time: their bytes first, then their rows. */
@Injectable()
export class UploadExpiry {
  readonly name = 'uploads';

  constructor(
    private readonly pool: WorkerPool,
    private readonly parts: UploadParts,
  ) {}

  /** One round; resolves with how many were given up. */
  async run(): Promise<{ readonly expired: number }> {
    const { rows } = await this.pool.query<{ tenantId: string; id: string }>(
      `select tenant_id as "tenantId", id from maru.uploads where completed_at is null and expires_at < now() limit $1`,
      [BATCH],
    );
    for (const upload of rows) await this.parts.remove(upload);
    await this.pool.query(
      `delete from maru.uploads u using unnest($1::uuid[], $2::uuid[]) g(t, i)
        where u.tenant_id = g.t and u.id = g.i and u.completed_at is null`,
      [rows.map(({ tenantId }) => tenantId), rows.map(({ id }) => id)],
    );
    return { expired: rows.length };
  }
}
