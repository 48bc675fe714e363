import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { MemberStatus } from '../members/member.js';
import type { GrantableRole } from './oidc-settings.js';

/** A member as far as a sign-in needs it. */
export interface IdentifiedMember {
  /** uuid. */
  readonly id: string;
  readonly status: MemberStatus;
}

const BY_IDENTITY = `
  with used as (update maru.member_identities set last_sign_in_at = now()
                 where tenant_id = $1 and issuer = $2 and subject = $3 returning member_id)
  select m.id, m.status from maru.members m join used u on u.member_id = m.id where m.tenant_id = $1`;
const IS_LINKED = `
  select from maru.member_identities where tenant_id = $1 and issuer = $2 and member_id = $3 limit 1`;
const BY_EMAIL = `select id, status from maru.members where tenant_id = $1 and email = $2 for update`;
const CREATE = `
  insert into maru.members (tenant_id, id, email, name, role, status) values ($1, $2, $3, $4, $5, 'active')
  on conflict (tenant_id, email) do nothing returning id, status`;
const ACTIVATE = `update maru.members set status = 'active', ver = ver + 1 where tenant_id = $1 and id = $2`;
const LINK = `
  insert into maru.member_identities (tenant_id, issuer, subject, member_id) values ($1, $2, $3, $4)
  on conflict (tenant_id, issuer, subject) do nothing`;

/** Who members are elsewhere. Everything works inside an open transaction of the tenant. */
@Injectable()
export class MemberIdentitiesRepository {
  constructor(private readonly db: TenantDb) {}

  /** Notes the sign-in too. Null for an identity that nobody here has. */
  byIdentity(tenantId: string, issuer: string, subject: string): Promise<IdentifiedMember | null> {
    return this.first(BY_IDENTITY, [tenantId, issuer, subject]);
  }

  /** Whether the provider vouched for this member before, under whatever name. */
  async isLinked(tenantId: string, issuer: string, memberId: string): Promise<boolean> {
    const rows: unknown[] = await this.db.manager.query(IS_LINKED, [tenantId, issuer, memberId]);
    return rows.length > 0;
  }

  /** Locks the member. @param email normalized */
  byEmail(tenantId: string, email: string): Promise<IdentifiedMember | null> {
    return this.first(BY_EMAIL, [tenantId, email]);
  }

  /** An active member without a password; null when somebody was faster. */
  create(
    tenantId: string,
    { id, email, name, role }: { id: string; email: string; name: string; role: GrantableRole },
  ): Promise<IdentifiedMember | null> {
    return this.first(CREATE, [tenantId, id, email, name, role]);
  }

  /** An invited member is in: whoever vouches for the address does what the link of the invitation does. */
  async activate(tenantId: string, memberId: string): Promise<void> {
    await this.db.manager.query(ACTIVATE, [tenantId, memberId]);
  }

  async link(tenantId: string, issuer: string, subject: string, memberId: string): Promise<void> {
    await this.db.manager.query(LINK, [tenantId, issuer, subject, memberId]);
  }

  private async first(text: string, values: unknown[]): Promise<IdentifiedMember | null> {
    const rows: IdentifiedMember[] = await this.db.manager.query(text, values);
    return rows[0] ?? null;
  }
}
