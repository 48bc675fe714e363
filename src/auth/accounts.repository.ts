import { Injectable } from '@nestjs/common';
import type { AuditConnection } from '../audit/audit-trail.js';
import { inTransaction } from '../database/in-transaction.js';
import { PlatformPool } from '../database/role-pool.js';
import { TenantDb } from '../database/tenant-db.js';
import type { Principal } from './principal.js';
import type { Profile } from './subject.js';

/** Somebody's own account: a member or an operator. */
export type AccountKey = Pick<Principal, 'id' | 'tenantId'>;

/** What somebody changed of themselves; null = as it was. */
export interface AccountChange {
  readonly name: string | null;
  /** Members that are null are removed. */
  readonly preferences: object | null;
  readonly passwordHash: string | null;
}

// $2 is unused for operators, who have no tenant, but keeps the numbers of the parameters alike.
const UPDATE = (table: string, own: string) => `
  update maru.${table} set name = coalesce($3, name), password_hash = coalesce($5, password_hash),
    ver = ver + case when $5::text is null then 0 else 1 end,
    preferences = case when $4::jsonb is null then preferences else jsonb_strip_nulls(preferences || $4::jsonb) end
  where id = $1 and ${own}`;
const UPDATE_MEMBER = UPDATE('members', 'tenant_id = $2');
const UPDATE_OPERATOR = UPDATE('operators', '$2::uuid is null');
const READ = `email, name, preferences, password_hash as "passwordHash"`;

/** The rows behind people's own accounts. Members lie in their tenant, operators with the platform. */
@Injectable()
export class AccountsRepository {
  constructor(
    private readonly db: TenantDb,
    private readonly platform: PlatformPool,
  ) {}

  /** Null when the account is gone. */
  async find({ id, tenantId }: AccountKey): Promise<(Profile & { email: string; passwordHash: string | null }) | null> {
    if (tenantId === null) {
      const { rows } = await this.platform.query(`select ${READ} from maru.operators where id = $1`, [id]);
      return rows[0] ?? null;
    }
    const text = `select ${READ} from maru.members where tenant_id = $1 and id = $2`;
    return ((await this.db.one(tenantId, { text, values: [tenantId, id] }))[0] as never) ?? null;
  }

  /** A change and what belongs to it, in one transaction. @param then gets the connection of the transaction */
  async update(key: AccountKey, change: AccountChange, then: (at: AuditConnection) => Promise<void>): Promise<void> {
    const { id, tenantId } = key;
    const preferences = change.preferences && JSON.stringify(change.preferences);
    const values = [id, tenantId, change.name, preferences, change.passwordHash];
    if (tenantId === null) {
      await inTransaction(this.platform, async (client) => {
        await client.query(UPDATE_OPERATOR, values);
        await then(client);
      });
    } else {
      await this.db.run(tenantId, async (manager) => {
        await manager.query(UPDATE_MEMBER, values);
        await then(manager);
      });
    }
  }
}
