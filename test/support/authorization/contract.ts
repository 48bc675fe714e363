/**
 * Who may do what, as the API promises it. Written out here on purpose: the tests compare the server with this table, not
 * with its own.
 */
export type MemberName = 'owner' | 'admin' | 'developer' | 'analyst' | 'viewer';

/** `narrow key` holds jobs:read alone; an `impersonator` is an operator who looks at a tenant. */
export const PRINCIPALS = [
  'operator',
  'owner',
  'admin',
  'developer',
  'analyst',
  'viewer',
  'machine',
  'key',
  'narrow key',
  'impersonator',
  'anonymous',
] as const;
export type PrincipalName = (typeof PRINCIPALS)[number];
export const MEMBERS: readonly MemberName[] = ['owner', 'admin', 'developer', 'analyst', 'viewer'];

const VIEWER = ['jobs:read', 'files:read', 'analyzers:read', 'models:read', 'branding:read'];
const ANALYST = [...VIEWER, 'jobs:write', 'jobs:cancel', 'files:write', 'usage:read'];
const DEVELOPER = [...ANALYST, 'models:write', 'keys:manage', 'webhooks:manage'];
const OWNER = [...DEVELOPER, 'branding:write', 'members:manage', 'audit:read', 'tenant:manage'];
/** All that a key can be given. */
export const KEY = [...ANALYST, 'models:write', 'webhooks:manage', 'audit:read'];
const PLATFORM = ['platform:read', 'platform:manage'];

const HELD: Readonly<Record<PrincipalName, ReadonlySet<string>>> = {
  operator: new Set(['analyzers:read', 'models:read', 'branding:read', 'usage:read', 'audit:read', ...PLATFORM]),
  owner: new Set(OWNER),
  admin: new Set(OWNER),
  developer: new Set(DEVELOPER),
  analyst: new Set(ANALYST),
  viewer: new Set(VIEWER),
  machine: new Set(KEY),
  key: new Set(KEY),
  'narrow key': new Set(['jobs:read']),
  impersonator: new Set([...VIEWER, 'usage:read']),
  anonymous: new Set(),
};

/** Every scope that the table knows. */
export const SCOPES: ReadonlySet<string> = new Set([...OWNER, ...PLATFORM]);

/** Does the principal hold what an operation declares? `any` is held by everybody who is known. */
export function holds(principal: PrincipalName, scope: string): boolean {
  return scope === 'any' ? principal !== 'anonymous' : HELD[principal].has(scope);
}
