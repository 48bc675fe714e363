import type { FastifyRequest } from 'fastify';
import { type IdKind, publicId } from '../common/ids.js';
import type { Role, Scope } from './scopes.js';

/** Who makes a request, proved by a credential. Built by the authentication guard alone. */
export interface Principal {
  readonly kind: 'member' | 'operator' | 'api_key';
  /** uuid of the member, operator or key. */
  readonly id: string;
  /** uuid of the tenant; null for operators, who belong to none, unless they look at one. */
  readonly tenantId: string | null;
  readonly role: Role;
  readonly scopes: ReadonlySet<Scope>;
  readonly credential: 'jwt' | 'session' | 'api_key';
  /** Session family behind a member's or operator's credential; null for API keys. */
  readonly sessionId: string | null;
}

/** True for an operator who looks at a tenant: they read, and change nothing. */
export function isImpersonation({ kind, tenantId }: Pick<Principal, 'kind' | 'tenantId'>): boolean {
  return kind === 'operator' && tenantId !== null;
}

/** What a long answer needs to know of the credential that it began with. */
export interface LiveCredential {
  /** Epoch ms after which it is no longer good; null when it carries no end of its own. */
  readonly expiresAtMs: number | null;
  /** Is it still good? The answer is at most 5 s old. A fault of ours counts as yes. */
  isGood(): Promise<boolean>;
}

/** A request after the guard; public routes have no principal. */
export interface AuthenticatedRequest extends FastifyRequest {
  principal?: Principal;
  /** For answers that outlast a request: streams look at it while they run. */
  credential?: LiveCredential;
}

const ID_KIND: Record<Principal['kind'], IdKind> = { member: 'member', operator: 'operator', api_key: 'apiKey' };

/** The TypeID of a principal, for example `mem_01m8323e5reaxrt2ryy9phpt8y`. */
export function principalPublicId(principal: Pick<Principal, 'kind' | 'id'>): string {
  return publicId(ID_KIND[principal.kind], principal.id);
}
