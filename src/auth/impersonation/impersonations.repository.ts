import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { inTransaction } from '../../database/in-transaction.js';
import { PlatformPool } from '../../database/role-pool.js';
import { TenantDb } from '../../database/tenant-db.js';

/** An impersonation to store. */
export interface NewImpersonation {
  readonly id: string;
  readonly tenantId: string;
  readonly operatorId: string;
  readonly reason: string;
  readonly lifeSeconds: number;
}

/** A live impersonation as a request needs it. */
export interface LiveImpersonation {
  readonly operatorId: string;
  readonly isTenantSuspended: boolean;
}

const FIND = `
  select i.operator_id as "operatorId", t.status <> 'active' as "isTenantSuspended"
  from maru.impersonations i join maru.tenants t on t.id = i.tenant_id
  where i.tenant_id = $1 and i.id = $2 and i.ended_at is null and i.expires_at > now()`;
const INSERT = `
  insert into maru.impersonations (tenant_id, id, operator_id, reason, expires_at)
  select t.id, $2, $3, $4, now() + $5 * interval '1 s' from maru.tenants t where t.id = $1
  returning expires_at as "expiresAt"`;
const END = `
  update maru.impersonations set ended_at = now()
  where id = $1 and operator_id = $2 and ended_at is null and expires_at > now() returning tenant_id as "tenantId"`;

/** Rows of impersonations: written by the platform, looked up inside the tenant. */
@Injectable()
export class ImpersonationsRepository {
  constructor(
    private readonly db: TenantDb,
    private readonly platform: PlatformPool,
  ) {}

  /** Null when it has ended. */
  async find(tenantId: string, id: string): Promise<LiveImpersonation | null> {
    const [row] = await this.db.one<LiveImpersonation>(tenantId, { text: FIND, values: [tenantId, id] });
    return row ?? null;
  }

  /** One transaction as the platform. */
  inTransaction<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.platform, work);
  }

  /** Null when there is no such tenant. */
  async insert(client: pg.PoolClient, { id, tenantId, operatorId, reason, lifeSeconds }: NewImpersonation) {
    const { rows } = await client.query<{ expiresAt: Date }>(INSERT, [tenantId, id, operatorId, reason, lifeSeconds]);
    return rows[0]?.expiresAt ?? null;
  }

  /** The tenant it was in; null when this operator has no such live one. */
  async end(client: pg.PoolClient, id: string, operatorId: string): Promise<string | null> {
    return (await client.query<{ tenantId: string }>(END, [id, operatorId])).rows[0]?.tenantId ?? null;
  }
}
