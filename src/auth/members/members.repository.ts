import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';
import type { MemberRole } from '../scopes.js';
import type { Member, MemberStatus } from './member.js';

const COLUMNS = `m.id, m.email, m.name, m.role, m.status, m.invited_by as "invitedBy",
  m.last_sign_in_at as "lastSignInAt", m.created_at as "createdAt"`;
const LIST = `
  select ${COLUMNS} from maru.members m
  where m.tenant_id = $1 and ($2::uuid is null or m.id > $2) order by m.id limit $3`;
// The owners too, whoever it is about: two who remove each other at a time must not both succeed.
const LOCK = `
  select ${COLUMNS} from maru.members m
  where m.tenant_id = $1 and (m.id = any($2::uuid[]) or (m.role = 'owner' and m.status = 'active'))
  order by m.id for update`;
const LOCK_OWNERS = `
  select ${COLUMNS} from maru.members m where m.tenant_id = $1 and m.role = 'owner' order by m.id for update`;
const INSERT = `
  insert into maru.members as m (tenant_id, id, email, name, role, status, invited_by)
  values ($1, $2, $3, $4, $5, 'invited', $6) on conflict (tenant_id, email) do nothing returning ${COLUMNS}`;
// Whoever was disabled before the invitation was accepted is invited again.
const UPDATE = `
  update maru.members m set name = $3, role = $4, ver = m.ver + case when m.role <> $4 or $6 then 1 else 0 end,
    status = case when $6 and $5 = 'active' and m.password_hash is null then 'invited' else $5 end
  where m.tenant_id = $1 and m.id = $2 returning ${COLUMNS}`;

/** A member to invite. */
export interface InvitedMember {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly invitedBy: string | null;
}

/** Members as they are managed. Everything but the list works inside an open transaction of the tenant. */
@Injectable()
export class MembersRepository {
  constructor(private readonly db: TenantDb) {}

  /** In the order of their creation, after the one with `afterId`. */
  list(tenantId: string, limit: number, afterId: string | null): Promise<Member[]> {
    return this.db.one<Member>(tenantId, { text: LIST, values: [tenantId, afterId, limit] });
  }

  /** Locks these members and every active owner, always in the same order. */
  lock(tenantId: string, ids: readonly string[]): Promise<Member[]> {
    return this.db.manager.query(LOCK, [tenantId, ids]) as Promise<Member[]>;
  }

  /** Locks every owner, whatever the status. */
  lockOwners(tenantId: string): Promise<Member[]> {
    return this.db.manager.query(LOCK_OWNERS, [tenantId]) as Promise<Member[]>;
  }

  /** Null when the tenant has a member with this address. */
  async insert(tenantId: string, { id, email, name, role, invitedBy }: InvitedMember): Promise<Member | null> {
    const rows: Member[] = await this.db.manager.query(INSERT, [tenantId, id, email, name, role, invitedBy]);
    return rows[0] ?? null;
  }

  /** Raises the version when the role or the status changes, which ends access tokens. */
  async update(tenantId: string, before: Member, after: Pick<Member, 'name' | 'role' | 'status'>): Promise<Member> {
    const values = [tenantId, before.id, after.name, after.role, after.status, before.status !== after.status];
    const [rows] = (await this.db.manager.query(UPDATE, values)) as [Member[], number];
    return rows[0]!;
  }

  async remove(tenantId: string, id: string): Promise<void> {
    await this.db.manager.query('delete from maru.members where tenant_id = $1 and id = $2', [tenantId, id]);
  }

  /** The password of an account is new: older access tokens end. @param from the status it must have */
  async setPassword(
    tenantId: string,
    id: string,
    { hash, name, from }: { hash: string; name: string; from: MemberStatus },
  ): Promise<boolean> {
    const [rows] = (await this.db.manager.query(
      `update maru.members set password_hash = $3, name = $5, status = 'active', ver = ver + 1
       where tenant_id = $1 and id = $2 and status = $4 returning id`,
      [tenantId, id, hash, from, name],
    )) as [unknown[], number];
    return rows.length > 0;
  }
}
