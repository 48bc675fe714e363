import { Injectable } from '@nestjs/common';
import { TenantDb } from '../../database/tenant-db.js';

/** A live session of somebody. */
export interface ListedSession {
  /** uuid. */
  readonly id: string;
  readonly kind: 'cookie' | 'refresh';
  readonly address: string | null;
  readonly userAgent: string | null;
  readonly createdAt: Date;
  /** At most five minutes late. */
  readonly lastUsedAt: Date;
  readonly expiresAt: Date;
}

const OWN = `tenant_id = $1 and subject_id = $2 and revoked_at is null and expires_at > now()
  and last_used_at > now() - interval '7 days'`;
const LIST = `
  select id, kind, host(address) as address, user_agent as "userAgent", created_at as "createdAt",
    last_used_at as "lastUsedAt", least(expires_at, last_used_at + interval '7 days') as "expiresAt"
  from maru.sessions where ${OWN} and ($3::uuid is null or id < $3) order by id desc limit $4`;
const END = `
  update maru.sessions set revoked_at = now(), revoked_reason = 'revoked' where ${OWN} and id = $3 returning id`;

/** Somebody's own sessions. */
@Injectable()
export class SessionListRepository {
  constructor(private readonly db: TenantDb) {}

  /** Newest first, after the one with `afterId`. @param realm tenant, or the nil uuid for operators */
  list(realm: string, subjectId: string, limit: number, afterId: string | null): Promise<ListedSession[]> {
    return this.db.one<ListedSession>(realm, { text: LIST, values: [realm, subjectId, afterId, limit] });
  }

  /** False when there is no such live session of this person. Inside an open transaction. */
  async end(realm: string, subjectId: string, id: string): Promise<boolean> {
    const [rows] = (await this.db.manager.query(END, [realm, subjectId, id])) as [unknown[], number];
    return rows.length > 0;
  }
}
