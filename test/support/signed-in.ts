import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { AuthenticatedRequest, Principal } from '../../src/auth/principal.js';
import { type MemberRole, SCOPES_OF_ROLE } from '../../src/auth/scopes.js';
import { newUuid } from '../../src/common/ids.js';

/** Stands in for the authentication guard, which has its own tests: everybody is `SignedIn.as`. */
export class SignedIn implements CanActivate {
  static as: Principal;
  canActivate(context: ExecutionContext): boolean {
    context.switchToHttp().getRequest<AuthenticatedRequest>().principal = SignedIn.as;
    return true;
  }
}

/** An operator of the installation. */
export const OPERATOR: Principal = {
  kind: 'operator',
  id: newUuid(),
  tenantId: null,
  role: 'operator',
  scopes: SCOPES_OF_ROLE.operator,
  credential: 'jwt',
  sessionId: newUuid(),
};

/** A member of a tenant. */
export function memberOf(tenantId: string, role: MemberRole): Principal {
  return { ...OPERATOR, kind: 'member', id: newUuid(), tenantId, role, scopes: SCOPES_OF_ROLE[role] };
}
