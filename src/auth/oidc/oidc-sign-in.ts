import { Injectable } from '@nestjs/common';
import type { AuditActor } from '../../audit/audit-trail.js';
import { TenantSuspendedError } from '../auth.errors.js';
import { Members } from '../members.service.js';
import { SecondFactors } from '../second-factor/second-factors.service.js';
import { SignIn } from '../sign-in.service.js';
import type { Subject } from '../subject.js';
import { IdentityProvider, type AuthorizationAttempt } from './identity-provider.js';
import { MemberIdentities } from './member-identities.js';
import { OidcRefusals } from './oidc-refusals.js';
import { OidcRefusedError } from './oidc.errors.js';
import { TenantProvider } from './tenant-provider.js';

/** Signing in with the identity provider of a tenant. */
@Injectable()
export class OidcSignIn {
  constructor(
    private readonly providers: TenantProvider,
    private readonly provider: IdentityProvider,
    private readonly identities: MemberIdentities,
    private readonly signIn: SignIn,
    private readonly factors: SecondFactors,
    private readonly members: Members,
    private readonly refusals: OidcRefusals,
  ) {}

  /** Where the browser goes, and what it must bring back. @throws OidcRefusedError */
  async begin(tenantId: string, redirectUri: string): Promise<{ attempt: AuthorizationAttempt; url: string }> {
    const attempt = this.provider.newAttempt(redirectUri);
    const { access } = await this.require(tenantId);
    return { attempt, url: await this.provider.authorizationUrl(access, attempt) };
  }

  /**
   * Who came back. An account with a second factor is asked for it here too.
   * @param attempt of the same browser; null when it has none
   * @throws OidcRefusedError, SecondFactorRequiredError
   */
  async finish(tenantId: string, attempt: AuthorizationAttempt | null, search: string, actor: AuditActor) {
    if (!attempt) throw new OidcRefusedError('expired');
    const { access, rules } = await this.require(tenantId);
    const who = await this.provider.identity(access, attempt, search);
    const memberId = await this.identities.admit(tenantId, who, rules, actor).catch(async (error: unknown) => {
      if (error instanceof OidcRefusedError) await this.refusals.record(tenantId, error.reason, rules.issuer, actor);
      throw error;
    });
    const subject = await this.readmit(tenantId, memberId);
    await this.factors.require(subject);
    await this.members.noteSignIn(tenantId, memberId);
    return subject;
  }

  private async require(tenantId: string) {
    const found = await this.providers.access(tenantId);
    if (!found) throw new OidcRefusedError('unavailable');
    return found;
  }

  private async readmit(tenantId: string, memberId: string): Promise<Subject> {
    return this.signIn.readmit(tenantId, 'member', memberId).catch((error: unknown) => {
      throw error instanceof TenantSuspendedError ? new OidcRefusedError('suspended') : error;
    });
  }
}
