import { Injectable } from '@nestjs/common';
import { type AuditActor, AuditTrail } from '../audit/audit-trail.js';
import { ValidationFailedError } from '../common/domain-error.js';
import { TenantDb } from '../database/tenant-db.js';
import { AccountsRepository } from './accounts.repository.js';
import { InsufficientScopeError, UnauthenticatedError } from './auth.errors.js';
import { LoginThrottle } from './login-throttle.js';
import { requirePassword } from './new-account.js';
import { NIL_TENANT } from './opaque-token.js';
import { PasswordHasher } from './password-hasher.js';
import { isImpersonation, type Principal, principalPublicId } from './principal.js';
import { Principals } from './principals.js';
import { SessionsRepository } from './sessions.repository.js';

/** What somebody wants to change of themselves. */
export interface MyChange {
  readonly name?: string;
  readonly password?: string;
  readonly currentPassword?: string;
  readonly preferences?: object;
}

/** What people change of their own account. */
@Injectable()
export class MyAccount {
  constructor(
    private readonly accounts: AccountsRepository,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
    private readonly sessions: SessionsRepository,
    private readonly principals: Principals,
    private readonly db: TenantDb,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws InsufficientScopeError for an API key, ValidationFailedError, LoginThrottledError */
  async change(principal: Principal, wanted: MyChange, actor: AuditActor): Promise<void> {
    requirePerson(principal);
    const { name, password, preferences } = wanted;
    const passwordHash =
      password === undefined ? null : await this.newHash(principal, password, wanted.currentPassword);
    const change = { name: name?.trim() ?? null, preferences: preferences ?? null, passwordHash };
    await this.accounts.update(principal, change, async (connection) => {
      const target = { type: principal.kind, id: principalPublicId(principal) };
      const entry = { tenantId: principal.tenantId, actor, target };
      if (passwordHash !== null) await this.audit.record(connection, { ...entry, action: 'account.password_changed' });
      if (name !== undefined)
        await this.audit.record(connection, { ...entry, action: 'account.renamed', after: { name } });
      if (passwordHash !== null && principal.tenantId !== null) await this.endOthers(principal, principal.tenantId);
    });
    if (passwordHash === null) return;
    if (principal.tenantId === null) await this.db.run(NIL_TENANT, () => this.endOthers(principal, NIL_TENANT));
    this.principals.forget();
  }

  /** The current password is checked like a sign-in: it counts, and waits when it was wrong too often. */
  async requirePassword(principal: Principal, password: string | undefined): Promise<void> {
    const account = await this.accounts.find(principal);
    if (!account) throw new UnauthenticatedError();
    const counted = { realm: principal.tenantId ?? NIL_TENANT, tenantSlug: null, email: account.email };
    const isRight = await this.hasher.check(password ?? '', {
      load: async () => {
        await this.throttle.requireOpen(counted);
        return account.passwordHash;
      },
      settle: (matches) => this.throttle.settle(counted, matches),
    });
    if (!isRight) throw fault('/currentPassword', 'is not your password');
  }

  private async newHash(principal: Principal, password: string, current: string | undefined): Promise<string> {
    const account = await this.accounts.find(principal);
    if (!account) throw new UnauthenticatedError();
    if (current === undefined) throw fault('/currentPassword', 'is required');
    requirePassword(password, [account.email, account.name]);
    await this.requirePassword(principal, current);
    return this.hasher.hash(password);
  }

  private endOthers({ id, sessionId }: Principal, realm: string): Promise<void> {
    return this.sessions.revokeAllHere(realm, id, 'password', sessionId);
  }
}

/** @throws InsufficientScopeError for an API key, which is nobody's account */
export function requirePerson(principal: Principal): void {
  if (isImpersonation(principal))
    throw new InsufficientScopeError('An operator who looks at a tenant has no account there.');
  if (principal.kind === 'api_key') throw new InsufficientScopeError('This is for people; an API key has no account.');
}

function fault(pointer: string, message: string): ValidationFailedError {
  return new ValidationFailedError([{ pointer, code: 'invalid', message }]);
}
