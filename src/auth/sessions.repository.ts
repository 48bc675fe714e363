import { Injectable } from '@nestjs/common';
import { TenantDb } from '../database/tenant-db.js';

/** A live session, as it is looked up by its cookie or by its id. */
export interface SessionRow {
  readonly id: string;
  readonly subjectKind: 'member' | 'operator';
  readonly subjectId: string;
}

/** Where a session is opened. */
export interface SessionOrigin {
  readonly ip?: string | null;
  readonly userAgent?: string | null;
}

/** Why a session ended before its time. */
export type RevocationReason = 'logout' | 'reuse' | 'password' | 'removed' | 'revoked';

/** A session to store. */
export interface NewSessionRow extends SessionRow {
  readonly origin: SessionOrigin;
}

/** A refresh token and its session, both locked. */
export interface RefreshTokenRow extends SessionRow {
  readonly isSessionLive: boolean;
  readonly isUsed: boolean;
  /** Used within the grace. */
  readonly isFresh: boolean;
}

const GRACE = `interval '10 seconds'`; // two tabs, or a client that lost the answer
const LIVE = `s.revoked_at is null and s.expires_at > now() and s.last_used_at > now() - interval '7 days'`;
const COLUMNS = `s.id, s.subject_kind as "subjectKind", s.subject_id as "subjectId"`;

/** One look-up that also notes the use, at most once in five minutes. */
function findLive(condition: string): string {
  return `with used as (update maru.sessions s set last_used_at = now()
      where s.tenant_id = $1 and ${condition} and ${LIVE} and s.last_used_at < now() - interval '5 minutes')
    select ${COLUMNS} from maru.sessions s where s.tenant_id = $1 and ${condition} and ${LIVE}`;
}
const FIND_BY_COOKIE = findLive('s.token_hash = $2');
const FIND_BY_ID = findLive('s.id = $2');
const REVOKE = `
  update maru.sessions set revoked_at = now(), revoked_reason = $3
  where tenant_id = $1 and id = $2 and revoked_at is null`;
const MAX_USER_AGENT = 200;

/** Sessions and refresh tokens. Operators' rows lie under the nil tenant. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly db: TenantDb) {}

  async insertCookie(tenantId: string, session: NewSessionRow, tokenHash: Buffer): Promise<void> {
    await this.db.one(tenantId, {
      text: `insert into maru.sessions
               (tenant_id, id, kind, subject_kind, subject_id, address, user_agent, token_hash, expires_at)
             values ($1, $2, 'cookie', $3, $4, $5, $6, $7, now() + interval '30 days')`,
      values: [...valuesOf(tenantId, session), tokenHash],
    });
  }

  async insertRefresh(tenantId: string, session: NewSessionRow, tokenHash: Buffer): Promise<void> {
    await this.db.one(tenantId, {
      text: `with s as (insert into maru.sessions
                 (tenant_id, id, kind, subject_kind, subject_id, address, user_agent, expires_at)
               values ($1, $2, 'refresh', $3, $4, $5, $6, now() + interval '30 days') returning tenant_id, id)
             insert into maru.refresh_tokens (tenant_id, hash, session_id) select tenant_id, $7, id from s`,
      values: [...valuesOf(tenantId, session), tokenHash],
    });
  }

  async findByCookie(tenantId: string, tokenHash: Buffer): Promise<SessionRow | null> {
    const [row] = await this.db.one<SessionRow>(tenantId, { text: FIND_BY_COOKIE, values: [tenantId, tokenHash] });
    return row ?? null;
  }

  async findById(tenantId: string, id: string): Promise<SessionRow | null> {
    const [row] = await this.db.one<SessionRow>(tenantId, { text: FIND_BY_ID, values: [tenantId, id] });
    return row ?? null;
  }

  /** Whose live session a refresh token belongs to, used or not; null for a token that nobody issued. */
  async findByRefreshToken(tenantId: string, hash: Buffer): Promise<SessionRow | null> {
    const [row] = await this.db.one<SessionRow>(tenantId, {
      text: `select ${COLUMNS} from maru.refresh_tokens r
             join maru.sessions s on (s.tenant_id, s.id) = (r.tenant_id, r.session_id)
             where r.tenant_id = $1 and r.hash = $2 and ${LIVE}`,
      values: [tenantId, hash],
    });
    return row ?? null;
  }

  async revoke(tenantId: string, id: string, reason: RevocationReason): Promise<void> {
    await this.db.one(tenantId, { text: REVOKE, values: [tenantId, id, reason] });
  }

  /** The same inside an open transaction of the tenant. */
  async revokeHere(tenantId: string, id: string, reason: RevocationReason): Promise<void> {
    await this.db.manager.query(REVOKE, [tenantId, id, reason]);
  }

  /** Ends the sessions of somebody inside an open transaction. @param exceptId the one that stays; null = none stays */
  async revokeAllHere(
    tenantId: string,
    subjectId: string,
    reason: RevocationReason,
    exceptId: string | null = null,
  ): Promise<void> {
    await this.db.manager.query(
      `update maru.sessions set revoked_at = now(), revoked_reason = $3
       where tenant_id = $1 and subject_id = $2 and revoked_at is null and id is distinct from $4`,
      [tenantId, subjectId, reason, exceptId],
    );
  }

  /** Work on one refresh token. The row lock decides a race: the second caller sees what the first one did. */
  async withLockedToken<T>(
    tenantId: string,
    hash: Buffer,
    work: (token: RefreshTokenRow | null) => Promise<T>,
  ): Promise<T> {
    return this.db.run(tenantId, async (manager) => {
      const rows: RefreshTokenRow[] = await manager.query(
        `select ${COLUMNS}, ${LIVE} as "isSessionLive", r.used_at is not null as "isUsed",
           coalesce(r.used_at > clock_timestamp() - ${GRACE}, false) as "isFresh"
         from maru.refresh_tokens r join maru.sessions s on (s.tenant_id, s.id) = (r.tenant_id, r.session_id)
         where r.tenant_id = $1 and r.hash = $2 for update of r, s`,
        [tenantId, hash],
      );
      return work(rows[0] ?? null);
    });
  }

  /** Marks a token as used and stores its successor; inside `withLockedToken`. */
  async rotate(tenantId: string, sessionId: string, used: Buffer, successor: Buffer): Promise<void> {
    await this.db.manager.query(
      `with u as (update maru.refresh_tokens set used_at = clock_timestamp() where tenant_id = $1 and hash = $3),
         s as (update maru.sessions set last_used_at = now() where tenant_id = $1 and id = $2)
       insert into maru.refresh_tokens (tenant_id, hash, session_id) values ($1, $4, $2)`,
      [tenantId, sessionId, used, successor],
    );
  }

  /** True while a token is the newest of its session; inside `withLockedToken`. */
  async isUnused(tenantId: string, hash: Buffer): Promise<boolean> {
    const rows: unknown[] = await this.db.manager.query(
      'select from maru.refresh_tokens where tenant_id = $1 and hash = $2 and used_at is null',
      [tenantId, hash],
    );
    return rows.length > 0;
  }
}

function valuesOf(tenantId: string, { id, subjectKind, subjectId, origin }: NewSessionRow): unknown[] {
  const userAgent = origin.userAgent?.replaceAll('\0', '').slice(0, MAX_USER_AGENT) ?? null;
  return [tenantId, id, subjectKind, subjectId, origin.ip ?? null, userAgent];
}
