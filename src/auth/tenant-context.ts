import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { InsufficientScopeError } from './auth.errors.js';
import type { AuthenticatedRequest, Principal } from './principal.js';

/** First parameter of every tenant-scoped service method: whose data, and on whose behalf. */
export interface TenantContext {
  /** uuid, from the verified credential; never from a body, a query or a header. */
  readonly tenantId: string;
  readonly principal: Principal;
}

/** The tenant context of a request. Throws InsufficientScopeError for a principal without a tenant. */
export function tenantContextOf(request: AuthenticatedRequest): TenantContext {
  const principal = request.principal;
  if (!principal?.tenantId) {
    throw new InsufficientScopeError('This route works inside a tenant; use a credential of a member or an API key.');
  }
  return { tenantId: principal.tenantId, principal };
}

/** Parameter decorator: `@Tenant() ctx: TenantContext`. 403 for an operator, who has no tenant. */
export const Tenant = createParamDecorator((_data: unknown, context: ExecutionContext): TenantContext =>
  tenantContextOf(context.switchToHttp().getRequest<AuthenticatedRequest>()),
);
