import { Injectable, Logger } from '@nestjs/common';
import { newUuid } from '../common/ids.js';
import { Secrets } from '../config/config.js';
import { UnauthenticatedError } from './auth.errors.js';
import { hashOfToken, mintOpaqueToken, NIL_TENANT, successorOf, tenantOfToken } from './opaque-token.js';
import { type RefreshTokenRow, SessionsRepository } from './sessions.repository.js';
import type { Subject } from './subject.js';

/** A session that was just opened or prolonged, and the credential that continues it. */
export interface OpenedSession {
  readonly id: string;
  /** Cookie value or refresh token; known to the client alone. */
  readonly token: string;
}

/** Whose refresh token it was, and what replaces it. */
export interface RefreshedSession extends OpenedSession {
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
    secrets: Secrets,
  ) {
    this.successorKey = secrets.derive('refresh-successor');
  }

  async open(kind: 'cookie' | 'refresh', subject: Subject): Promise<OpenedSession> {
    const tenantId = subject.tenantId ?? NIL_TENANT;
    const token = mintOpaqueToken(tenantId);
    const session = { id: newUuid(), subjectKind: subject.kind, subjectId: subject.id };
    const insert = kind === 'cookie' ? 'insertCookie' : 'insertRefresh';
    await this.repository[insert](tenantId, session, hashOfToken(token));
    return { id: session.id, token };
  }

  /**
   * Exchanges a refresh token for its successor. The same token within 10 s gives the same successor, so that a lost
   * answer or a second tab does no harm; any other second use means that the token was stolen and ends the session.
   * @throws UnauthenticatedError
   */
  async refresh(token: string): Promise<RefreshedSession> {
    const tenantId = tenantOfToken(token);
    if (!tenantId) throw new UnauthenticatedError();
    const hash = hashOfToken(token);
    const successor = successorOf(token, this.successorKey);
    const found = await this.repository.withLockedToken(tenantId, hash, async (row) => {
      if (!row?.isSessionLive) return null;
      return { row, isGood: await this.exchange(tenantId, row, hash, hashOfToken(successor)) };
    });
    if (!found) throw new UnauthenticatedError();
    const { row, isGood } = found;
    if (!isGood) {
      await this.repository.revoke(tenantId, row.id, 'reuse');
      this.logger.warn(`Refresh token used twice: session ${row.id} of ${row.subjectKind} ${row.subjectId} is revoked`);
      throw new UnauthenticatedError();
    }
    return { id: row.id, token: successor, tenantId, subjectKind: row.subjectKind, subjectId: row.subjectId };
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
}
