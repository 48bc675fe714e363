import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuditActor } from '../../audit/audit-trail.js';
import { NotFoundError } from '../../common/domain-error.js';
import type { PublicTenant } from '../../tenants/tenant.js';
import { TenantDirectory } from '../../tenants/tenant-directory.js';
import { SecondFactorRequiredError } from '../second-factor/second-factor.errors.js';
import { SignInFlow } from '../sign-in-flow.js';
import type { SignInProviderDto } from './dto/sign-in-methods.dto.js';
import { localPath, OidcAddresses } from './oidc-addresses.js';
import { OidcSignIn } from './oidc-sign-in.js';
import { OidcRefusedError } from './oidc.errors.js';
import { SignInAttempts } from './sign-in-attempts.js';
import { TenantProvider } from './tenant-provider.js';

/** A browser that comes back: where it goes now, and the session that it takes along. */
export interface Homecoming {
  readonly location: string;
  /** Null when nobody is signed in. */
  readonly cookie: string | null;
}

/** The way of a browser from the sign-in page of a tenant to its provider and back. Every end is a page that people read. */
@Injectable()
export class OidcVisits {
  constructor(
    private readonly directory: TenantDirectory,
    private readonly providers: TenantProvider,
    private readonly addresses: OidcAddresses,
    private readonly attempts: SignInAttempts,
    private readonly signIn: OidcSignIn,
    private readonly flow: SignInFlow,
  ) {}

  /** The button of a sign-in page; null when there is none. @param slug where the host is not the tenant's own */
  async offer(slug: string | null, { headers }: FastifyRequest): Promise<SignInProviderDto | null> {
    const ofHost = await this.directory.byHost(headers.host ?? '');
    const tenant = ofHost ?? (slug === null ? null : await this.directory.bySlug(slug));
    const label = tenant?.status === 'active' ? await this.providers.label(tenant.id) : null;
    if (!tenant || label === null) return null;
    const url = ofHost ? this.addresses.startOn(headers.host ?? '') : await this.addresses.start(tenant.id);
    return url === null ? null : { label, url };
  }

  /** Off to the provider. @returns where the browser goes @throws NotFoundError on a host of no tenant */
  async leave(request: FastifyRequest, reply: FastifyReply, returnTo: string | undefined): Promise<string> {
    const { id } = await this.tenantOf(request);
    try {
      const { attempt, url } = await this.signIn.begin(id, this.addresses.callbackOn(request.headers.host ?? ''));
      this.attempts.begin(reply, id, { ...attempt, returnTo: localPath(returnTo) });
      return url;
    } catch (error) {
      return pageOf(error);
    }
  }

  /** Back from the provider. @throws NotFoundError on a host of no tenant */
  async comeBack(request: FastifyRequest, reply: FastifyReply, actor: AuditActor): Promise<Homecoming> {
    const { id } = await this.tenantOf(request);
    const attempt = this.attempts.take(request, reply, id);
    try {
      const search = new URL(request.url, 'http://localhost').search;
      const subject = await this.signIn.finish(id, attempt, search, actor);
      const { cookie } = await this.flow.enter(subject, 'cookie', actor);
      return { location: attempt?.returnTo ?? '/', cookie };
    } catch (error) {
      return { location: pageOf(error), cookie: null };
    }
  }

  private async tenantOf({ headers }: FastifyRequest): Promise<PublicTenant> {
    const tenant = await this.directory.byHost(headers.host ?? '');
    if (!tenant) throw new NotFoundError();
    return tenant;
  }
}

/** The sign-in page says why; a challenge stands behind the #, which no server and no log gets to see. */
function pageOf(error: unknown): string {
  if (error instanceof OidcRefusedError) return `/login?sso=${error.reason}`;
  if (!(error instanceof SecondFactorRequiredError)) throw error;
  return `/login#${String(error.extensions['challenge'])}`;
}
