import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { UnauthenticatedError } from './auth.errors.js';
import type { AuthenticatedRequest, Principal } from './principal.js';

/** Parameter decorator: `@CurrentPrincipal() principal: Principal`. 401 on a route that let nobody in. */
export const CurrentPrincipal = createParamDecorator((_data: unknown, context: ExecutionContext): Principal => {
  const { principal } = context.switchToHttp().getRequest<AuthenticatedRequest>();
  if (!principal) throw new UnauthenticatedError();
  return principal;
});
