import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { NotFoundError } from '../../common/domain-error.js';
import { publicId } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import { requirePerson } from '../my-account.service.js';
import { NIL_TENANT } from '../opaque-token.js';
import { type Principal, principalPublicId } from '../principal.js';
import { Principals } from '../principals.js';
import { SessionsRepository } from '../sessions.repository.js';
import { type ListedSession, SessionListRepository } from './session-list.repository.js';

/** Where somebody is signed in, and signing out there. */
@Injectable()
export class MySessions {
  constructor(
    private readonly repository: SessionListRepository,
    private readonly sessions: SessionsRepository,
    private readonly principals: Principals,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first, after the one with `afterId`. @throws InsufficientScopeError for an API key */
  list(principal: Principal, limit: number, afterId: string | null): Promise<ListedSession[]> {
    requirePerson(principal);
    return this.repository.list(realmOf(principal), principal.id, limit, afterId);
  }

  /** @throws NotFoundError for a session that has ended, or is somebody else's */
  async end(principal: Principal, id: string, actor: AuditActor): Promise<void> {
    requirePerson(principal);
    const realm = realmOf(principal);
    await this.db.run(realm, async (manager) => {
      if (!(await this.repository.end(realm, principal.id, id))) throw new NotFoundError();
      const target = { type: 'session', id: publicId('session', id) };
      await this.audit.record(manager, { tenantId: principal.tenantId, actor, action: 'session.ended', target });
    });
    this.principals.forget();
  }

  /** Ends every session but the one that asks. */
  async endOthers(principal: Principal, actor: AuditActor): Promise<void> {
    requirePerson(principal);
    const realm = realmOf(principal);
    await this.db.run(realm, async (manager) => {
      await this.sessions.revokeAllHere(realm, principal.id, 'revoked', principal.sessionId);
      const target = { type: principal.kind, id: principalPublicId(principal) };
      await this.audit.record(manager, { tenantId: principal.tenantId, actor, action: 'session.others_ended', target });
    });
    this.principals.forget();
  }
}

function realmOf({ tenantId }: Principal): string {
  return tenantId ?? NIL_TENANT;
}
