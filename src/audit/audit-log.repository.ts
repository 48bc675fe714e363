import { Injectable } from '@nestjs/common';
import { PlatformPool } from '../database/role-pool.js';
import { TenantDb } from '../database/tenant-db.js';
import { type AuditEvent, EVENT_COLUMNS } from './audit-event.js';
import type { AuditPage } from './audit-filter.js';

/** An event with its place in the chain; null until it is sealed. */
export interface LoggedEvent extends AuditEvent {
  readonly seq: number | null;
  /** Hex. */
  readonly hash: string | null;
}

/** $1 tenant or null, $2 before this id, $3 actor, $4 action, $5 from, $6 to, $7 limit. */
const LIST = `
  select ${EVENT_COLUMNS}, s.seq::int as seq, encode(s.hash, 'hex') as hash
    from maru.audit_events e
    left join maru.audit_seals s on s.tenant_id = e.tenant_id and s.event_id = e.id
   where ($1::uuid is null or e.tenant_id = $1)
     and ($2::uuid is null or e.id < $2)
     and ($3::text is null or coalesce(e.actor_id, e.actor_type) = $3)
     and ($4::text is null or e.action = $4 or starts_with(e.action, $4 || '.'))
     and ($5::timestamptz is null or e.at >= $5)
     and ($6::timestamptz is null or e.at < $6)
   order by e.id desc limit $7`;

/** Reads the audit log. */
@Injectable()
export class AuditLogRepository {
  constructor(
    private readonly db: TenantDb,
    private readonly platform: PlatformPool,
  ) {}

  /** The log of one tenant, as the tenant. */
  ofTenant(tenantId: string, page: AuditPage): Promise<LoggedEvent[]> {
    return this.db.one<LoggedEvent>(tenantId, { text: LIST, values: valuesOf(tenantId, page) });
  }

  /** All logs as one, or that of one tenant, as maru_platform. */
  async ofPlatform(tenantId: string | null, page: AuditPage): Promise<LoggedEvent[]> {
    return (await this.platform.query<LoggedEvent>(LIST, valuesOf(tenantId, page))).rows;
  }
}

function valuesOf(tenantId: string | null, { beforeId, actor, action, from, to, limit }: AuditPage): unknown[] {
  return [tenantId, beforeId, actor ?? null, action ?? null, from ?? null, to ?? null, limit];
}
