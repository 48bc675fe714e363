import { Injectable, Logger } from '@nestjs/common';
import { WorkerPool } from '../../database/role-pool.js';
import { FileStore } from '../../files/file-store.js';

/** Rows of a table, and files, a step: short transactions, whatever a tenant leaves behind. */
const STEP = 2_000;
const ROUND_MS = 2 * 60_000;
const STATEMENT_MS = 60_000;

const DUE = `select id from maru.tenants where delete_after < now() order by delete_after limit 20`;
const FILES = `select id from maru.files where tenant_id = $1 and id > $2 order by id limit ${STEP}`;
const NO_FILE = '00000000-0000-0000-0000-000000000000';

/** Removes the data of deleted tenants when their grace is over: first the bytes of their files, then every row. */
@Injectable()
export class TenantRemoval {
  readonly name = 'deleted tenants';
  private readonly log = new Logger(TenantRemoval.name);

  constructor(
    private readonly pool: WorkerPool,
    private readonly store: FileStore,
  ) {}

  /** One round. A tenant that is not done is gone on with in the next one. */
  async run(): Promise<{ tenants: number; rows: number }> {
    const untilMs = performance.now() + ROUND_MS;
    let [tenants, rows] = [0, 0];
    for (const { id } of (await this.pool.query<{ id: string }>(DUE)).rows) {
      await this.removeFiles(id);
      for (;;) {
        const removed = await this.removeStep(id);
        if (removed === null) {
          tenants++;
          this.log.log(`removed the data of tenant ${id}, which was deleted`);
          break;
        }
        rows += removed;
        if (performance.now() > untilMs) return { tenants, rows };
      }
    }
    return { tenants, rows };
  }

  private async removeFiles(tenantId: string): Promise<void> {
    for (let after = NO_FILE; ;) {
      const { rows } = await this.pool.query<{ id: string }>(FILES, [tenantId, after]);
      for (const { id } of rows) await this.store.remove(tenantId, id);
      if (rows.length < STEP) return;
      after = rows.at(-1)!.id;
    }
  }

  /** Null when nothing of it is left. */
  private async removeStep(tenantId: string): Promise<number | null> {
    const query = {
      text: 'select maru.remove_tenant($1, $2)::float8 as n',
      values: [tenantId, STEP],
      query_timeout: STATEMENT_MS,
    };
    const [row] = (await this.pool.query<{ n: number | null }>(query)).rows;
    return row?.n ?? null;
  }
}
