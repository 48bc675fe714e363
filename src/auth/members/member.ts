import type { MemberRole } from '../scopes.js';

/** Invited people have no password yet; disabled ones cannot sign in. */
export type MemberStatus = 'invited' | 'active' | 'disabled';

/** A person of a tenant, as those who manage members see them. */
export interface Member {
  /** uuid. */
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly status: MemberStatus;
  /** Public id; null for the platform itself. */
  readonly invitedBy: string | null;
  readonly lastSignInAt: Date | null;
  readonly createdAt: Date;
}

/** What may be changed of a member by others. */
export interface MemberChange {
  readonly name?: string;
  readonly role?: MemberRole;
  /** `active` lets a disabled member in again. */
  readonly status?: 'active' | 'disabled';
}
