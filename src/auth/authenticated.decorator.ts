import { applyDecorators } from '@nestjs/common';
import { ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from '../http/api-problems.decorator.js';
import { PublicRoute, RoutePermission } from '../http/permission.js';
import type { Scope } from './scopes.js';

/** `public`: nobody needs to sign in. `any`: every principal may. Else the scope that the principal must hold. */
export type Permission = Scope | 'any' | 'public';

/**
 * Declares who may call a route: the global guard enforces it, the OpenAPI document shows it (security, 401 and 403,
 * `x-scope`). A route without this decorator stops the boot.
 */
export function Authenticated({ scope }: { scope: Permission }): MethodDecorator & ClassDecorator {
  if (scope === 'public') return PublicRoute();
  return applyDecorators(RoutePermission(scope), ApiSecurity('bearer'), ApiSecurity('session'), ApiProblems(401, 403));
}
