import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { AuditActor } from '../audit/audit-trail.js';
import { type AuthenticatedRequest, principalPublicId } from './principal.js';

/** Whoever makes a request, as the audit log names them. */
export function auditActorOf(request: AuthenticatedRequest): AuditActor {
  const { principal, ip, id } = request;
  const origin = { ip, userAgent: request.headers['user-agent'] ?? null, requestId: id };
  if (!principal) return { type: 'anonymous', id: null, ...origin };
  return { type: principal.kind, id: principalPublicId(principal), ...origin };
}

/** Parameter decorator: `@Actor() actor: AuditActor`. */
export const Actor = createParamDecorator((_data: unknown, context: ExecutionContext): AuditActor =>
  auditActorOf(context.switchToHttp().getRequest<AuthenticatedRequest>()),
);
