import { Injectable, Logger } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { newUuid, publicId } from '../common/ids.js';
import { Secrets } from '../config/config.js';
import { TenantDb } from '../database/tenant-db.js';
import { UnauthenticatedError } from './auth.errors.js';
import { hashOfToken, mintOpaqueToken, NIL_TENANT, successorOf, tenantOfToken } from './opaque-token.js';
import { type RefreshTokenRow, type SessionOrigin, SessionsRepository } from './sessions.repository.js';
import type { Subject } from './subject.js';

/** A session that was just opened or prolonged, and the credential that continues it. */
export interface OpenedSession {
  readonly id: string;
  /** Cookie value or refresh token; known to the client alone. */
  readonly token: string;
}

/** Whose refresh token it is. */
export interface SessionOwner {
  readonly tenantId: string;
  readonly subjectKind: Subject['kind'];
  readonly subjectId: string;
}

/** Browser sessions and families of refresh tokens. */
@Injectable()
export class Sessions {
  private readonly logger = new Logger('Sessions');
  private readonly successorKey: Buffer;

  constructor(
    private readonly repository: SessionsRepository,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
    secrets: Secrets,
  ) {
    this.successorKey = secrets.derive('refresh-successor');
  }

  async open(kind: 'cookie' | 'refresh', subject: Subject, origin: SessionOrigin = {}): Promise<OpenedSession> {
    const tenantId = subject.tenantId ?? NIL_TENANT;
    const token = mintOpaqueToken(tenantId);
    const session = { id: newUuid(), subjectKind: subject.kind, subjectId: subject.id, origin };
    const insert = kind === 'cookie' ? 'insertCookie' : 'insertRefresh';
    await this.repository[insert](tenantId, session, hashOfToken(token));
    return { id: session.id, token };
  }

  /** Whose refresh token this is, without using it. @throws UnauthenticatedError for one of no live session */
  async ownerOf(token: string): Promise<SessionOwner> {
    const tenantId = tenantOfToken(token);
    const row = tenantId && (await this.repository.findByRefreshToken(tenantId, hashOfToken(token)));
    if (!row) throw new UnauthenticatedError();
    return { tenantId, subjectKind: row.subjectKind, subjectId: row.subjectId };
  }

  /**
   * Exchanges a refresh token for its successor. The same token within 10 s gives the same successor, so that a lost
   * answer or a second tab does no harm; any other second use means that the token was stolen and ends the session.
   * @param actor who sent it, for the audit log
   * @throws UnauthenticatedError
   */
  async refresh(token: string, actor: AuditActor): Promise<OpenedSession> {
    const tenantId = tenantOfToken(token);
    if (!tenantId) throw new UnauthenticatedError();
    const hash = hashOfToken(token);
    const successor = successorOf(token, this.successorKey);
    const id = await this.repository.withLockedToken(tenantId, hash, async (row) => {
      if (!row?.isSessionLive) return null;
      if (await this.exchange(tenantId, row, hash, hashOfToken(successor))) return row.id;
      await this.endReused(tenantId, row, actor);
      return null;
    });
    if (id === null) throw new UnauthenticatedError();
    return { id, token: successor };
  }

  /** Ends a session; later uses of its cookie, refresh tokens and access tokens are refused within 5 s. */
  revoke(tenantId: string | null, id: string): Promise<void> {
    return this.repository.revoke(tenantId ?? NIL_TENANT, id, 'logout');
  }

  private async exchange(tenantId: string, row: RefreshTokenRow, used: Buffer, successor: Buffer): Promise<boolean> {
    if (row.isUsed) return row.isFresh && (await this.repository.isUnused(tenantId, successor));
    await this.repository.rotate(tenantId, row.id, used, successor);
    return true;
  }

  private async endReused(tenantId: string, row: RefreshTokenRow, actor: AuditActor): Promise<void> {
    await this.repository.revokeHere(tenantId, row.id, 'reuse');
    await this.audit.record(this.db.manager, {
      tenantId,
      actor,
      action: 'session.reuse_detected',
      target: { type: row.subjectKind, id: publicId(row.subjectKind, row.subjectId) },
      outcome: 'denied',
      reason: 'A refresh token was used a second time: the session is revoked.',
    });
    this.logger.warn(`Refresh token used twice: session ${row.id} of ${row.subjectKind} ${row.subjectId} is revoked`);
  }
}
