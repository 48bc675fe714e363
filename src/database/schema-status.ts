import { Injectable } from '@nestjs/common';
import { migrations } from '../../migrations/index.js';
import { MIGRATIONS_TABLE } from './migrations-table.js';
import { AuthPool } from './role-pool.js';

const APPLIED = `select count(*)::int as applied from public.${MIGRATIONS_TABLE} where name = any($1)`;
const QUERY_TIMEOUT_MS = 2_000;

/** Whether the database answers, and whether its schema is the one that this build needs. */
@Injectable()
export class SchemaStatus {
  constructor(private readonly pool: AuthPool) {}

  /**
   * True when every migration of this build is applied; later ones of a newer build do no harm.
   * Rejects when the database does not answer within 2 s of having a connection.
   */
  async isCurrent(): Promise<boolean> {
    const query = { text: APPLIED, values: [migrations.map((m) => m.name)], query_timeout: QUERY_TIMEOUT_MS };
    const { rows } = await this.pool.query<{ applied: number }>(query);
    return rows[0]?.applied === migrations.length;
  }
}
