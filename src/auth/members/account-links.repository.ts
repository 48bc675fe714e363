import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { MemberStatus } from './member.js';

/** What a one-time link is for. */
export type LinkPurpose = 'invitation' | 'password_reset';

/** Whose link it is. */
export interface LinkOwner {
  /** uuid. */
  readonly memberId: string;
  readonly email: string;
  readonly name: string;
  readonly status: MemberStatus;
  readonly isTenantSuspended: boolean;
}

const USABLE = `t.tenant_id = $1 and t.hash = $2 and t.purpose = $3 and t.used_at is null and t.expires_at > now()`;
const FIND = `
  select m.id as "memberId", m.email, m.name, m.status, n.status <> 'active' as "isTenantSuspended"
  from maru.account_tokens t join maru.members m on (m.tenant_id, m.id) = (t.tenant_id, t.member_id)
  join maru.tenants n on n.id = t.tenant_id where ${USABLE}`;
const USE = `update maru.account_tokens t set used_at = now() where ${USABLE} returning t.member_id as "memberId"`;
const VOID = `
  update maru.account_tokens set used_at = now() where tenant_id = $1 and member_id = $2 and used_at is null`;
const INSERT = `
  insert into maru.account_tokens (tenant_id, hash, purpose, member_id, expires_at)
  values ($1, $2, $3, $4, now() + $5 * interval '1 s') returning expires_at as "expiresAt"`;
// Known and unknown addresses cost one statement alike. Three links an hour are enough for anybody.
const REQUEST_RESET = `
  insert into maru.account_tokens as t (tenant_id, hash, purpose, member_id, expires_at)
  select m.tenant_id, $3, 'password_reset', m.id, now() + $4 * interval '1 s' from maru.members m
  where m.tenant_id = $1 and m.email = $2 and m.status = 'active' and (
    select count(*) from maru.account_tokens o where o.tenant_id = $1 and o.member_id = m.id
      and o.purpose = 'password_reset' and o.created_at > now() - interval '1 hour') < 3
  returning t.member_id as "memberId", t.expires_at as "expiresAt"`;

/** Rows of one-time links. */
@Injectable()
export class AccountLinksRepository {
  constructor(private readonly db: TenantDb) {}

  /** The owner of a usable link, without using it. */
  async find(tenantId: string, hash: Buffer, purpose: LinkPurpose): Promise<LinkOwner | null> {
    const [row] = await this.db.one<LinkOwner>(tenantId, { text: FIND, values: [tenantId, hash, purpose] });
    return row ?? null;
  }

  /** Uses a link inside an open transaction; false when somebody was faster. */
  async use(tenantId: string, hash: Buffer, purpose: LinkPurpose): Promise<boolean> {
    const [rows] = (await this.db.manager.query(USE, [tenantId, hash, purpose])) as [unknown[], number];
    return rows.length > 0;
  }

  /** Makes every open link of a member void, inside an open transaction. */
  async voidAll(tenantId: string, memberId: string): Promise<void> {
    await this.db.manager.query(VOID, [tenantId, memberId]);
  }

  /** Stores a link inside an open transaction; resolves with its end. */
  async insert(
    tenantId: string,
    link: { hash: Buffer; purpose: LinkPurpose; memberId: string; lifeSeconds: number },
  ): Promise<Date> {
    const values = [tenantId, link.hash, link.purpose, link.memberId, link.lifeSeconds];
    const rows: { expiresAt: Date }[] = await this.db.manager.query(INSERT, values);
    return rows[0]!.expiresAt;
  }

  /** Stores a link for the active member with this address; null when there is none, or too many were asked for. */
  async requestReset(
    tenantId: string,
    email: string,
    hash: Buffer,
    lifeSeconds: number,
  ): Promise<{ memberId: string; expiresAt: Date } | null> {
    const values = [tenantId, email, hash, lifeSeconds];
    const [row] = await this.db.one<{ memberId: string; expiresAt: Date }>(tenantId, { text: REQUEST_RESET, values });
    return row ?? null;
  }
}
