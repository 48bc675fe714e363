import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { PERMISSION } from '../http/permission.js';
import { TenantDirectory } from '../tenants/tenant-directory.js';
import { looksLikeApiKey } from './api-key-format.js';
import { InsufficientScopeError, UnauthenticatedError } from './auth.errors.js';
import type { Permission } from './authenticated.decorator.js';
import { isFromLoopback, OPEN_TO_LOOPBACK } from './open-to-loopback.decorator.js';
import { KeyLookupFailure } from './jwt.strategy.js';
import { liveCredential } from './live-credential.js';
import { type AuthenticatedRequest, isImpersonation, type Principal } from './principal.js';
import { Principals } from './principals.js';
import { SessionCookie } from './session-cookie.js';

const SAFE_METHODS = new Set(['GET', 'HEAD']);
const BEARER = /^Bearer ([\x21-\x7e]{1,4096})$/i;

/** Guards every route: reads the credential, then compares what the route asks for with what the principal may. */
@Injectable()
export class AuthenticationGuard extends AuthGuard('maru-jwt') {
  constructor(
    private readonly reflector: Reflector,
    private readonly principals: Principals,
    private readonly cookie: SessionCookie,
    private readonly tenants: TenantDirectory,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const permission = this.reflector.getAllAndOverride<Permission | undefined>(PERMISSION, targets);
    if (permission === 'public') return true;
    if (!permission) throw new InsufficientScopeError('This route declares no permission.');
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (this.reflector.getAllAndOverride(OPEN_TO_LOOPBACK, targets) && isFromLoopback(request)) return true;
    const principal = await this.authenticate(context, request);
    if (!principal) throw new UnauthenticatedError();
    await this.requireOwnHost(principal, request.headers.host);
    if (permission !== 'any' && !principal.scopes.has(permission)) {
      throw new InsufficientScopeError(`This needs the scope ${permission}, which your role or key does not include.`);
    }
    if (isImpersonation(principal) && !SAFE_METHODS.has(request.method)) {
      throw new InsufficientScopeError('An operator who looks at a tenant changes nothing in it.');
    }
    request.principal = principal;
    request.credential = liveCredential(this.principals, principal, this.textOf(request), request.ip);
    return true;
  }

  /** Keeps a fault of ours (the database is away) apart from a bad token. */
  override handleRequest<T>(error: unknown, principal: T | false, info: unknown): T {
    if (error) throw error;
    if (principal) return principal;
    if (info instanceof KeyLookupFailure) throw info.cause;
    throw new UnauthenticatedError();
  }

  private async authenticate(context: ExecutionContext, request: AuthenticatedRequest): Promise<Principal | null> {
    const { authorization } = request.headers;
    if (authorization === undefined) return this.fromCookie(request);
    const credential = BEARER.exec(authorization)?.[1];
    if (!credential) return null;
    if (looksLikeApiKey(credential)) return this.principals.ofApiKey(credential, request.ip);
    await super.canActivate(context);
    return (request as AuthenticatedRequest & { user: Principal }).user;
  }

  private async fromCookie(request: AuthenticatedRequest): Promise<Principal | null> {
    const value = this.cookie.read(request);
    const principal = value === null ? null : await this.principals.ofCookie(value);
    if (principal) this.cookie.requireSameOrigin(request);
    return principal;
  }

  private textOf(request: AuthenticatedRequest): string {
    const { authorization } = request.headers;
    return (authorization === undefined ? this.cookie.read(request) : BEARER.exec(authorization)?.[1]) ?? '';
  }

  /** On the host of a tenant only that tenant's credentials are good. */
  private async requireOwnHost(principal: Principal, host = ''): Promise<void> {
    const tenant = await this.tenants.byHost(host);
    if (tenant && tenant.id !== principal.tenantId) throw new UnauthenticatedError();
  }
}
