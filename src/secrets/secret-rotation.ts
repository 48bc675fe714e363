import { Inject, Injectable, Optional } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';
import { keyIdOf, SecretBox } from './secret-box.js';
import { type SealedColumn, SEALED_COLUMNS } from './sealed-columns.js';
import { TenantKeys } from './tenant-keys.js';

/** What a rotation did. */
export interface RotationReport {
  readonly keysRewrapped: number;
  readonly valuesResealed: number;
}

const SLICE = 200;
const NAME = /^[a-z_]+$/;

interface SealedRow {
  readonly id: string;
  readonly sealed: Buffer;
  readonly [column: string]: unknown;
}

/** Changes keys while everything goes on reading and sealing. */
@Injectable()
export class SecretRotation {
  constructor(
    private readonly db: TenantDb,
    private readonly box: SecretBox,
    private readonly keys: TenantKeys,
    @Optional() @Inject(SEALED_COLUMNS) private readonly columns: readonly SealedColumn[] = [],
  ) {}

  /** Wraps the keys of these tenants with the current key of the installation. Sealed values stay as they are. */
  async rewrap(tenantIds: readonly string[]): Promise<RotationReport> {
    let keysRewrapped = 0;
    for (const tenantId of tenantIds) keysRewrapped += await this.keys.rewrap(tenantId);
    return { keysRewrapped, valuesResealed: 0 };
  }

  /** Gives a tenant a new key and seals every value with it. */
  async rotateDataKey(tenantId: string): Promise<RotationReport> {
    await this.keys.rotate(tenantId);
    return { keysRewrapped: 0, valuesResealed: await this.reseal(tenantId) };
  }

  /** Seals what another key sealed, for example a process that did not know of the rotation yet. Then the old keys may go. */
  async finish(tenantId: string): Promise<RotationReport> {
    const valuesResealed = await this.reseal(tenantId);
    await this.keys.removeRetired(tenantId);
    return { keysRewrapped: 0, valuesResealed };
  }

  private async reseal(tenantId: string): Promise<number> {
    const { currentId } = await this.keys.ring(tenantId);
    let done = 0;
    for (const column of this.columns) done += await this.resealColumn(tenantId, column, currentId);
    return done;
  }

  private async resealColumn(tenantId: string, column: SealedColumn, currentId: string): Promise<number> {
    const { table, column: name, id } = checked(column);
    let done = 0;
    for (let after = ''; ;) {
      const rows = await this.db.one<SealedRow>(tenantId, {
        text: `select ${id}::text as id, ${name} as sealed from maru.${table}
                where tenant_id = $1 and ${name} is not null and ${id}::text > $2 order by ${id}::text limit ${SLICE}`,
        values: [tenantId, after],
      });
      for (const row of rows) {
        if (keyIdOf(row.sealed) !== currentId && (await this.resealRow(tenantId, column, row))) done++;
      }
      if (rows.length < SLICE) return done;
      after = rows.at(-1)!.id;
    }
  }

  /** False when the value was changed meanwhile: that one is sealed with the current key. */
  private async resealRow(tenantId: string, { table, column, id }: SealedColumn, row: SealedRow): Promise<boolean> {
    const place = { tenantId, table, column, rowId: row.id };
    const sealed = await this.box.seal(place, await this.box.open(place, row.sealed));
    const updated = await this.db.one(tenantId, {
      text: `update maru.${table} set ${column} = $3 where tenant_id = $1 and ${id}::text = $2 and ${column} = $4 returning 1`,
      values: [tenantId, row.id, sealed, row.sealed],
    });
    return updated.length > 0;
  }
}

/** Names come from the composition root; they go into statements, so they must be plain. */
function checked(column: SealedColumn): SealedColumn {
  for (const name of [column.table, column.column, column.id]) {
    if (!NAME.test(name)) throw new Error(`"${name}" is no plain name of a table or column`);
  }
  return column;
}
