import { describe, expect, it } from 'vitest';
import {
  GRANTABLE_TO_KEYS,
  isScope,
  MEMBER_ROLES,
  PLATFORM_SCOPES,
  type Scope,
  SCOPES_OF_ROLE,
  TENANT_SCOPES,
} from './scopes.js';

/** One row per scope: owner, admin, developer, analyst, viewer, operator, API key. */
const TABLE: Record<Scope, string> = {
  'jobs:read': 'xxxxx-x',
  'jobs:write': 'xxxx--x',
  'jobs:cancel': 'xxxx--x',
  'files:read': 'xxxxx-x',
  'files:write': 'xxxx--x',
  'analyzers:read': 'xxxxxxx',
  'models:read': 'xxxxxxx',
  'models:write': 'xxx---x',
  'usage:read': 'xxxx-xx',
  'webhooks:manage': 'xxx---x',
  'keys:manage': 'xxx----',
  'members:manage': 'xx-----',
  'branding:read': 'xxxxxxx',
  'branding:write': 'xx-----',
  'tenant:manage': 'xx-----',
  'audit:read': 'xx---xx',
  'platform:read': '-----x-',
  'platform:manage': '-----x-',
};

describe('roles and scopes', () => {
  it.each(Object.entries(TABLE))('%s', (scope, row) => {
    const holders = [...MEMBER_ROLES, 'operator' as const].map((role) => SCOPES_OF_ROLE[role]);
    const marks = [...holders, GRANTABLE_TO_KEYS].map((set) => (set.has(scope as Scope) ? 'x' : '-')).join('');
    expect(marks).toBe(row);
  });

  it('know every scope and no other', () => {
    expect(Object.keys(TABLE).sort()).toEqual([...TENANT_SCOPES, ...PLATFORM_SCOPES].sort());
    expect(isScope('jobs:read')).toBe(true);
    expect(isScope('jobs:own')).toBe(false);
  });
});
