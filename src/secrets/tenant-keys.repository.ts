import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';

/** Row of maru.tenant_keys. */
export interface TenantKeyRow {
  readonly id: string;
  readonly state: 'current' | 'retired';
  readonly kekId: string;
  readonly wrapped: Buffer;
  readonly [column: string]: unknown;
}

/** A key that does not exist yet. */
export type NewTenantKey = Pick<TenantKeyRow, 'id' | 'kekId' | 'wrapped'>;

const COLUMNS = `id, state, kek_id as "kekId", wrapped`;

/** Wrapped data keys, one tenant at a time. */
@Injectable()
export class TenantKeysRepository {
  constructor(private readonly db: TenantDb) {}

  list(tenantId: string): Promise<TenantKeyRow[]> {
    const text = `select ${COLUMNS} from maru.tenant_keys where tenant_id = $1`;
    return this.db.one<TenantKeyRow>(tenantId, { name: 'tenant-keys', text, values: [tenantId] });
  }

  /** Stores the first key; does nothing when another process was faster. */
  async insertFirst(tenantId: string, key: NewTenantKey): Promise<void> {
    const text = `insert into maru.tenant_keys (tenant_id, id, kek_id, wrapped) values ($1, $2, $3, $4) on conflict do nothing`;
    await this.db.one(tenantId, { text, values: [tenantId, key.id, key.kekId, key.wrapped] });
  }

  /** Makes a new key the current one; the one before stays readable. */
  async replace(tenantId: string, key: NewTenantKey): Promise<void> {
    await this.db.run(tenantId, async (manager) => {
      await manager.query(`update maru.tenant_keys set state = 'retired' where tenant_id = $1 and state = 'current'`, [
        tenantId,
      ]);
      await manager.query(`insert into maru.tenant_keys (tenant_id, id, kek_id, wrapped) values ($1, $2, $3, $4)`, [
        tenantId,
        key.id,
        key.kekId,
        key.wrapped,
      ]);
    });
  }

  /** Wraps a key anew. False when somebody did so meanwhile. */
  async rewrap(tenantId: string, key: TenantKeyRow, kekId: string, wrapped: Buffer): Promise<boolean> {
    const rows = await this.db.one(tenantId, {
      text: `update maru.tenant_keys set kek_id = $3, wrapped = $4 where tenant_id = $1 and id = $2 and wrapped = $5 returning id`,
      values: [tenantId, key.id, kekId, wrapped, key.wrapped],
    });
    return rows.length > 0;
  }

  async remove(tenantId: string, ids: readonly string[]): Promise<void> {
    const text = `delete from maru.tenant_keys where tenant_id = $1 and id = any($2::uuid[]) and state = 'retired'`;
    await this.db.one(tenantId, { text, values: [tenantId, ids] });
  }
}
