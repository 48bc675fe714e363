import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import { ApiProblems } from './api-problems.decorator.js';

/** Metadata key of a route's permission; read by the guard and by the boot-time audit of routes. */
export const PERMISSION = 'maru:permission';

/** Declares a permission and documents what every route has: `x-scope` and the problems that can always happen. */
export function RoutePermission(permission: string): MethodDecorator & ClassDecorator {
  return applyDecorators(
    SetMetadata(PERMISSION, permission),
    ApiExtension('x-scope', permission),
    ApiProblems(400, 429, 500, 503),
  );
}

/** A route that needs no credential. */
export function PublicRoute(): MethodDecorator & ClassDecorator {
  return applyDecorators(RoutePermission('public'), ApiSecurity({}));
}
