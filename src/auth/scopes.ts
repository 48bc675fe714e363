/** Every permission of the public API. Closed: a new route takes one of these or adds one here first. */
export const TENANT_SCOPES = [
  'jobs:read',
  'jobs:write',
  'jobs:cancel',
  'files:read',
  'files:write',
  'analyzers:read',
  'models:read',
  'models:write',
  'usage:read',
  'webhooks:manage',
  'keys:manage',
  'members:manage',
  'branding:read',
  'branding:write',
  'tenant:manage',
  'audit:read',
] as const;
/** Permissions over the whole installation; only operators hold them. */
export const PLATFORM_SCOPES = ['platform:read', 'platform:manage'] as const;

export type Scope = (typeof TENANT_SCOPES)[number] | (typeof PLATFORM_SCOPES)[number];
export type MemberRole = 'owner' | 'admin' | 'developer' | 'analyst' | 'viewer';
/** What a principal is inside its realm: a member's role, an operator, or an API key. */
export type Role = MemberRole | 'operator' | 'api_key';

export const MEMBER_ROLES: readonly MemberRole[] = ['owner', 'admin', 'developer', 'analyst', 'viewer'];

const VIEWER: readonly Scope[] = ['jobs:read', 'files:read', 'analyzers:read', 'models:read', 'branding:read'];
const ANALYST: readonly Scope[] = [...VIEWER, 'jobs:write', 'jobs:cancel', 'files:write', 'usage:read'];
const DEVELOPER: readonly Scope[] = [...ANALYST, 'models:write', 'keys:manage', 'webhooks:manage'];
const OPERATOR: readonly Scope[] = [
  'analyzers:read',
  'models:read',
  'branding:read',
  'usage:read',
  'audit:read',
  ...PLATFORM_SCOPES,
];

/** What each role may do. `admin` equals `owner` here; that it may not touch owners is a rule of the members service. */
export const SCOPES_OF_ROLE: Readonly<Record<MemberRole | 'operator', ReadonlySet<Scope>>> = {
  owner: new Set(TENANT_SCOPES),
  admin: new Set(TENANT_SCOPES),
  developer: new Set(DEVELOPER),
  analyst: new Set(ANALYST),
  viewer: new Set(VIEWER),
  operator: new Set(OPERATOR),
};

/** What an operator may do inside a tenant: what its viewers may, and see what it used. All of it reading. */
export const IMPERSONATOR_SCOPES: ReadonlySet<Scope> = new Set<Scope>([...VIEWER, 'usage:read']);

/** What an API key may carry. A key can never manage keys, members, the tenant or its brand. */
export const GRANTABLE_TO_KEYS: ReadonlySet<Scope> = new Set<Scope>([
  'jobs:read',
  'jobs:write',
  'jobs:cancel',
  'files:read',
  'files:write',
  'analyzers:read',
  'models:read',
  'models:write',
  'branding:read',
  'webhooks:manage',
  'usage:read',
  'audit:read',
]);

const KNOWN: ReadonlySet<string> = new Set([...TENANT_SCOPES, ...PLATFORM_SCOPES]);

/** True for a name of the closed list; for values that come from a row or a token. */
export function isScope(text: string): text is Scope {
  return KNOWN.has(text);
}
