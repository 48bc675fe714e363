import type { MemberRole } from '../scopes.js';

/** Roles that somebody may get by signing in for the first time: owners are made by owners. */
export const GRANTABLE_ROLES = ['admin', 'developer', 'analyst', 'viewer'] as const satisfies readonly MemberRole[];
/** Role of a member that a sign-in made. */
export type GrantableRole = (typeof GRANTABLE_ROLES)[number];

/** The identity provider of a tenant, and whom it may bring in. */
export interface OidcSettings {
  /** As it stands in id tokens, for example `https://login.hanbit.example`. */
  readonly issuer: string;
  readonly clientId: string;
  /** What people call it; stands on the button. */
  readonly label: string;
  /** Domains of e-mail addresses, lower case; empty = any. */
  readonly allowedDomains: readonly string[];
  /** Domains whose addresses count as verified when the provider says nothing of it; lower case, punycode. */
  readonly trustedEmailDomains: readonly string[];
  /** Whether somebody without an account gets one. Needs a domain, or everybody of a public provider would get in. */
  readonly createMembers: boolean;
  readonly defaultRole: GrantableRole;
  readonly enabled: boolean;
}

/** As they are stored. */
export interface StoredOidcSettings extends OidcSettings {
  /** uuid; the sealed secret is bound to it. */
  readonly id: string;
  readonly clientSecret: Buffer;
  readonly updatedAt: Date;
}
