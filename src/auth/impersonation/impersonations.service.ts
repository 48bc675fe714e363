import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { NotFoundError } from '../../common/domain-error.js';
import { newUuid, publicId } from '../../common/ids.js';
import { AccessTokens } from '../access-tokens.js';
import { UnauthenticatedError } from '../auth.errors.js';
import { Operators } from '../operators.service.js';
import type { Principal } from '../principal.js';
import { Principals } from '../principals.js';
import { ImpersonationsRepository } from './impersonations.repository.js';

/** What an operator gets. */
export interface Impersonation {
  /** uuid. */
  readonly id: string;
  readonly tenantId: string;
  readonly reason: string;
  readonly expiresAt: Date;
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

/** Operators look at a tenant as its viewer. The log of the tenant names the operator and the reason. */
@Injectable()
export class Impersonations {
  constructor(
    private readonly repository: ImpersonationsRepository,
    private readonly operators: Operators,
    private readonly accessTokens: AccessTokens,
    private readonly principals: Principals,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws NotFoundError for an unknown tenant */
  async start(
    operator: Pick<Principal, 'id'>,
    wanted: { tenantId: string; reason: string; expiresInMinutes: number },
    actor: AuditActor,
  ): Promise<Impersonation> {
    const subject = await this.operators.findSubject(operator.id);
    if (!subject?.isActive) throw new UnauthenticatedError();
    const { tenantId, reason } = wanted;
    const [id, expiresIn] = [newUuid(), wanted.expiresInMinutes * 60];
    const expiresAt = await this.repository.inTransaction(async (client) => {
      const row = { id, tenantId, operatorId: operator.id, reason, lifeSeconds: expiresIn };
      const end = await this.repository.insert(client, row);
      if (!end) throw new NotFoundError();
      const target = { type: 'tenant', id: publicId('tenant', tenantId) };
      const entry = { actor, action: 'impersonation.started', target, reason, after: { expiresAt: end } };
      for (const log of [tenantId, null]) await this.audit.record(client, { ...entry, tenantId: log });
      return end;
    });
    const accessToken = await this.accessTokens.issueToImpersonator({ id, tenantId, subject, expiresIn });
    return { id, tenantId, reason, expiresAt, accessToken, expiresIn };
  }

  /** @throws NotFoundError unless it is a live one of this operator */
  async end(operator: Pick<Principal, 'id'>, id: string, actor: AuditActor): Promise<void> {
    await this.repository.inTransaction(async (client) => {
      const tenantId = await this.repository.end(client, id, operator.id);
      if (!tenantId) throw new NotFoundError();
      const target = { type: 'tenant', id: publicId('tenant', tenantId) };
      for (const log of [tenantId, null]) {
        await this.audit.record(client, { actor, action: 'impersonation.ended', target, tenantId: log });
      }
    });
    this.principals.forget();
  }
}
