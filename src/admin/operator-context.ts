import type { AuditActor } from '../audit/audit-trail.js';
import { SCOPES_OF_ROLE } from '../auth/scopes.js';
import type { TenantContext } from '../auth/tenant-context.js';
import { uuidOf } from '../common/ids.js';

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** What the platform does inside of a tenant while it sets it up: on behalf of the tenant, made by the operator. */
export function operatorContext(tenantId: string, { id }: AuditActor): TenantContext {
  const operator = (id && uuidOf('operator', id)) || NOBODY;
  const scopes = SCOPES_OF_ROLE.operator;
  const common = { kind: 'operator', role: 'operator', credential: 'session', sessionId: null } as const;
  return { tenantId, principal: { ...common, id: operator, tenantId, scopes } };
}
