import { Injectable } from '@nestjs/common';
import type { PublicTenant } from '../tenants/tenant.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { BadCredentialsError, TenantSuspendedError, UnauthenticatedError } from './auth.errors.js';
import { normalizeEmail } from './email.js';
import { type LoginAccount, LoginThrottle } from './login-throttle.js';
import { Members } from './members.service.js';
import { NIL_TENANT } from './opaque-token.js';
import { Operators } from './operators.service.js';
import { PasswordHasher } from './password-hasher.js';
import type { Subject } from './subject.js';

/** What somebody typed to sign in, and where. */
export interface SignInAttempt {
  /** Slug; null = the tenant of the host, or an operator on the platform host. */
  readonly tenant: string | null;
  readonly email: string;
  readonly password: string;
  /** Host header. */
  readonly host: string;
  /** Of the client. */
  readonly address: string;
}

interface Login {
  readonly subject: Subject;
  readonly passwordHash: string | null;
}

/** Checks passwords. Unknown tenant, unknown account and wrong password take the same time and get the same answer. */
@Injectable()
export class SignIn {
  constructor(
    private readonly tenants: TenantDirectory,
    private readonly members: Members,
    private readonly operators: Operators,
    private readonly hasher: PasswordHasher,
    private readonly throttle: LoginThrottle,
  ) {}

  /** @throws BadCredentialsError, LoginThrottledError, TenantSuspendedError */
  async signIn(attempt: SignInAttempt): Promise<Subject> {
    const tenant = await this.tenantOf(attempt);
    const isOperator = tenant === null && attempt.tenant === null;
    const email = normalizeEmail(attempt.email);
    const account: LoginAccount = { realm: tenant?.id ?? NIL_TENANT, tenantSlug: attempt.tenant, email };
    let login: Login | null = null;
    const matches = await this.hasher.check(attempt.password, {
      load: async () => {
        await this.throttle.requireOpen(account, attempt.address);
        if (isOperator) login = await this.operators.findLogin(email);
        else if (tenant) login = await this.members.findLogin(tenant.id, email);
        return login?.passwordHash ?? null;
      },
      settle: (isSuccess) => this.throttle.settle(account, isSuccess, attempt.address),
    });
    return this.admit(login, matches, attempt.password);
  }

  /** The subject of a session that goes on. @throws UnauthenticatedError, TenantSuspendedError */
  async readmit(tenantId: string, kind: Subject['kind'], id: string): Promise<Subject> {
    const found = kind === 'operator' ? this.operators.findSubject(id) : this.members.findSubject(tenantId, id);
    const subject = await found;
    if (!subject?.isActive) throw new UnauthenticatedError();
    if (subject.isTenantSuspended) throw new TenantSuspendedError();
    return subject;
  }

  /** The host decides when it is a tenant's; naming another tenant there is a wrong credential. */
  async tenantOf({ tenant, host }: Pick<SignInAttempt, 'tenant' | 'host'>): Promise<PublicTenant | null> {
    const ofHost = await this.tenants.byHost(host);
    if (ofHost) return tenant === null || tenant === ofHost.slug ? ofHost : null;
    return tenant === null ? null : this.tenants.bySlug(tenant);
  }

  private async admit(login: Login | null, matches: boolean, password: string): Promise<Subject> {
    if (!login || !matches || !login.subject.isActive) throw new BadCredentialsError();
    const { subject, passwordHash } = login;
    if (subject.isTenantSuspended) throw new TenantSuspendedError();
    if (subject.tenantId) await this.members.noteSignIn(subject.tenantId, subject.id);
    if (passwordHash && this.hasher.isOutdated(passwordHash)) await this.rehash(subject, password);
    return subject;
  }

  private async rehash(subject: Subject, password: string): Promise<void> {
    const fresh = await this.hasher.hash(password);
    if (subject.tenantId) await this.members.replaceHash(subject.tenantId, subject.id, fresh);
    else await this.operators.replaceHash(subject.id, fresh);
  }
}
