import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../../audit/audit-trail.js';
import { NotFoundError, ValidationFailedError } from '../../common/domain-error.js';
import { publicId } from '../../common/ids.js';
import { TenantDb } from '../../database/tenant-db.js';
import type { ApiKeyMode } from '../api-key-format.js';
import { ApiKeys, type NewApiKey } from '../api-keys.service.js';
import { InsufficientScopeError } from '../auth.errors.js';
import { Principals } from '../principals.js';
import { isScope, type Scope } from '../scopes.js';
import type { TenantContext } from '../tenant-context.js';
import type { ApiKey } from './api-key.js';
import { ApiKeyListRepository } from './api-key-list.repository.js';
import { KeyNotRotatableError } from './api-keys.errors.js';

/** A key that was just made; the key itself cannot be read again. */
export interface IssuedApiKey {
  readonly record: ApiKey;
  readonly key: string;
}

/** A tenant's API keys, managed by its members. */
@Injectable()
export class ApiKeyAdministration {
  constructor(
    private readonly db: TenantDb,
    private readonly keys: ApiKeys,
    private readonly repository: ApiKeyListRepository,
    private readonly principals: Principals,
    private readonly audit: AuditTrail,
  ) {}

  /** Newest first, after the one with `afterId`. */
  list({ tenantId }: TenantContext, limit: number, afterId: string | null): Promise<ApiKey[]> {
    return this.repository.list(tenantId, limit, afterId);
  }

  /** @throws ValidationFailedError, InsufficientScopeError for a scope that the caller does not hold */
  create(ctx: TenantContext, wanted: NewApiKey, actor: AuditActor): Promise<IssuedApiKey> {
    requireHeld(ctx, wanted.scopes);
    requireFuture(wanted.expiresAt);
    return this.db.run(ctx.tenantId, () => this.issue(ctx.tenantId, { ...wanted, createdBy: actor.id }, actor));
  }

  /**
   * A new key with the rights of an old one, which stays good for the overlap.
   * @param overlapMs 0 = the old one ends at once
   * @throws NotFoundError, InsufficientScopeError, KeyNotRotatableError
   */
  async rotate(ctx: TenantContext, id: string, overlapMs: number, actor: AuditActor): Promise<IssuedApiKey> {
    const { tenantId } = ctx;
    const issued = await this.db.run(tenantId, async (manager) => {
      const old = await this.lock(tenantId, id);
      const scopes = old.scopes.filter(isScope);
      requireHeld(ctx, scopes); // whoever rotates gets to see the new key
      if (old.replacedBy) throw new KeyNotRotatableError('replaced');
      if (old.isExpired) throw new KeyNotRotatableError('expired');
      const { name, allowedCidrs } = old;
      const next = { name, scopes, allowedCidrs, mode: modeOf(old), expiresAt: sameLife(old), createdBy: actor.id };
      const made = await this.issue(tenantId, next, actor);
      await this.repository.replace(tenantId, id, made.record.id, overlapMs);
      const target = { type: 'api_key', id: publicId('apiKey', id) };
      const after = { replacedBy: publicId('apiKey', made.record.id), overlapMs };
      await this.audit.record(manager, { tenantId, actor, action: 'api_key.rotated', target, after });
      return made;
    });
    this.principals.forget();
    return issued;
  }

  /** The key is refused: here at once, in other processes within 5 s. @throws NotFoundError */
  async revoke({ tenantId }: TenantContext, id: string, actor: AuditActor): Promise<void> {
    await this.db.run(tenantId, async (manager) => {
      const { name, scopes } = await this.lock(tenantId, id);
      await this.repository.revoke(tenantId, id);
      const target = { type: 'api_key', id: publicId('apiKey', id) };
      await this.audit.record(manager, {
        tenantId,
        actor,
        action: 'api_key.revoked',
        target,
        before: { name, scopes },
      });
    });
    this.principals.forget();
  }

  private async issue(tenantId: string, wanted: NewApiKey, actor: AuditActor): Promise<IssuedApiKey> {
    const { id, key } = await this.keys.issue(tenantId, wanted, actor);
    return { record: await this.lock(tenantId, id), key };
  }

  private async lock(tenantId: string, id: string): Promise<ApiKey> {
    const key = await this.repository.lock(tenantId, id);
    if (!key) throw new NotFoundError();
    return key;
  }
}

/** Nobody grants what they do not hold. */
function requireHeld({ principal }: TenantContext, scopes: readonly Scope[]): void {
  const missing = scopes.filter((scope) => !principal.scopes.has(scope));
  if (missing.length > 0)
    throw new InsufficientScopeError(`You cannot grant what you do not hold: ${missing.join(', ')}.`);
}

function requireFuture(expiresAt: Date | undefined): void {
  if (!expiresAt || expiresAt.getTime() > Date.now()) return;
  throw new ValidationFailedError([{ pointer: '/expiresAt', code: 'invalid', message: 'must lie in the future' }]);
}

function modeOf({ start }: ApiKey): ApiKeyMode {
  return start.startsWith('maru_live_') ? 'live' : 'test';
}

/** As long as the old key was meant to live, from now. */
function sameLife({ createdAt, expiresAt }: ApiKey): Date | undefined {
  return expiresAt ? new Date(Date.now() + expiresAt.getTime() - createdAt.getTime()) : undefined;
}
