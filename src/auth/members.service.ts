import { Injectable } from '@nestjs/common';
import { newUuid } from '../common/ids.js';
import { TenantDb } from '../database/tenant-db.js';
import { AlreadyExistsError } from './auth.errors.js';
import { normalizeEmail } from './email.js';
import { requireAccount } from './new-account.js';
import { PasswordHasher } from './password-hasher.js';
import type { MemberRole } from './scopes.js';
import type { Profile, Subject } from './subject.js';

/** What is decided about a new member. */
export interface NewMember {
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly password: string;
}

/** A member and the hash of the password. */
export interface MemberLogin {
  readonly subject: Subject;
  readonly passwordHash: string | null;
}

interface MemberRow {
  readonly id: string;
  readonly role: MemberRole;
  readonly ver: number;
  readonly status: string;
  readonly tenantStatus: string;
  readonly passwordHash: string | null;
}

const SELECT = `
  select m.id, m.role, m.ver, m.status, t.status as "tenantStatus", m.password_hash as "passwordHash"
  from maru.members m join maru.tenants t on t.id = m.tenant_id`;

/** The people of a tenant. */
@Injectable()
export class Members {
  constructor(
    private readonly db: TenantDb,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * Creates an active member who can sign in at once.
   * @returns the member's uuid
   * @throws ValidationFailedError, AlreadyExistsError
   */
  async create(tenantId: string, member: NewMember): Promise<string> {
    requireAccount(member);
    const passwordHash = await this.hasher.hash(member.password);
    const rows = await this.db.one<{ id: string }>(tenantId, {
      text: `insert into maru.members (tenant_id, id, email, name, role, password_hash) values ($1, $2, $3, $4, $5, $6)
             on conflict (tenant_id, email) do nothing returning id`,
      values: [tenantId, newUuid(), normalizeEmail(member.email), member.name.trim(), member.role, passwordHash],
    });
    if (!rows[0]) throw new AlreadyExistsError('This tenant has a member with this e-mail address.');
    return rows[0].id;
  }

  /** For the sign-in; null when the tenant has no such member. */
  async findLogin(tenantId: string, email: string): Promise<MemberLogin | null> {
    const rows = await this.db.one<MemberRow>(tenantId, {
      text: `${SELECT} where m.tenant_id = $1 and m.email = $2`,
      values: [tenantId, normalizeEmail(email)],
    });
    return rows[0] ? { subject: toSubject(tenantId, rows[0]), passwordHash: rows[0].passwordHash } : null;
  }

  /** Null when the member is gone. */
  async findSubject(tenantId: string, id: string): Promise<Subject | null> {
    const text = `${SELECT} where m.tenant_id = $1 and m.id = $2`;
    const [row] = await this.db.one<MemberRow>(tenantId, { text, values: [tenantId, id] });
    return row ? toSubject(tenantId, row) : null;
  }

  /** Null when the member is gone. */
  async profile(tenantId: string, id: string): Promise<Profile | null> {
    const text = 'select email, name, preferences from maru.members where tenant_id = $1 and id = $2';
    const [row] = await this.db.one<Profile>(tenantId, { text, values: [tenantId, id] });
    return row ?? null;
  }

  async noteSignIn(tenantId: string, id: string): Promise<void> {
    const text = 'update maru.members set last_sign_in_at = now() where tenant_id = $1 and id = $2';
    await this.db.one(tenantId, { text, values: [tenantId, id] });
  }

  /** Replaces the hash of an unchanged password by one of today's cost. */
  async replaceHash(tenantId: string, id: string, passwordHash: string): Promise<void> {
    const text = 'update maru.members set password_hash = $3 where tenant_id = $1 and id = $2';
    await this.db.one(tenantId, { text, values: [tenantId, id, passwordHash] });
  }
}

function toSubject(tenantId: string, row: MemberRow): Subject {
  return {
    kind: 'member',
    id: row.id,
    tenantId,
    role: row.role,
    ver: row.ver,
    isActive: row.status === 'active',
    isTenantSuspended: row.tenantStatus !== 'active',
  };
}
