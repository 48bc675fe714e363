import type { MemberRole } from './scopes.js';

/** Somebody who signs in: a member of a tenant, or an operator. */
export interface Subject {
  readonly kind: 'member' | 'operator';
  /** uuid. */
  readonly id: string;
  /** uuid; null for operators. */
  readonly tenantId: string | null;
  readonly role: MemberRole | 'operator';
  /** Raised by a change of password or role; older access tokens are refused. */
  readonly ver: number;
  /** Invited and disabled people cannot sign in. */
  readonly isActive: boolean;
  readonly isTenantSuspended: boolean;
}

/** What somebody shows of themselves at GET /v1/me. */
export interface Profile {
  readonly email: string | null;
  readonly name: string;
  readonly preferences: Readonly<Record<string, unknown>>;
}
