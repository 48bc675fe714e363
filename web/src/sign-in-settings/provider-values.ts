import type { ProviderWish } from '../api/identity-provider.js';
import type { OidcProvider } from '../api/types.js';
import { domainsIn } from './domain-list.js';

export type GrantableRole = NonNullable<OidcProvider['defaultRole']>;
export const GRANTABLE_ROLES: readonly GrantableRole[] = ['viewer', 'analyst', 'developer', 'admin'];
const DEFAULT_LABEL = 'SSO';

/** What stands in the form; domains as texts, one per line. */
export interface ProviderValues {
  readonly issuer: string;
  readonly clientId: string;
  /** Empty: the stored one stays. */
  readonly clientSecret: string;
  readonly label: string;
  readonly allowedDomains: string;
  readonly trustedEmailDomains: string;
  readonly createMembers: boolean;
  readonly defaultRole: GrantableRole;
}

/** The form of what is stored; null = nothing yet. The secret is never part of it. */
export function valuesOf(settings: OidcProvider | null): ProviderValues {
  return {
    issuer: settings?.issuer ?? '',
    clientId: settings?.clientId ?? '',
    clientSecret: '',
    label: settings?.label ?? DEFAULT_LABEL,
    allowedDomains: (settings?.allowedDomains ?? []).join('\n'),
    trustedEmailDomains: (settings?.trustedEmailDomains ?? []).join('\n'),
    createMembers: settings?.createMembers ?? false,
    defaultRole: settings?.defaultRole ?? 'viewer',
  };
}

/** What to send for the form. */
export function wishOf(values: ProviderValues, enabled: boolean): ProviderWish {
  const { clientSecret, createMembers, defaultRole } = values;
  return {
    issuer: values.issuer.trim(),
    clientId: values.clientId.trim(),
    ...(clientSecret === '' ? {} : { clientSecret }),
    label: values.label.trim() || DEFAULT_LABEL,
    allowedDomains: domainsIn(values.allowedDomains),
    trustedEmailDomains: domainsIn(values.trustedEmailDomains),
    createMembers,
    defaultRole,
    enabled,
  };
}

/** What is stored, turned on or off. */
export function turned(settings: OidcProvider, enabled: boolean): ProviderWish {
  return wishOf(valuesOf(settings), enabled);
}
