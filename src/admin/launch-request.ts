import type { InvitedMemberWithLink } from '../auth/members/member-administration.js';
import type { NewTenant } from '../tenants/tenant-onboarding.js';
import type { QuotaOverride } from '../tenants/tenant-settings.js';

/** A tenant and what it needs to work at once. */
export interface LaunchRequest extends Omit<NewTenant, 'brand' | 'locales' | 'launch'> {
  readonly plan?: string;
  /** Exceptions from the plan. */
  readonly quotas?: readonly QuotaOverride[];
  /** Slugs. */
  readonly analyzers?: readonly string[];
  /** Who is invited as the first owner. The name stands in for one that is not given by the address. */
  readonly owner?: { readonly email: string; readonly name?: string };
  /** Name of a first API key with every scope that a key may hold. */
  readonly apiKeyName?: string;
  /** Submit a first job that bills nothing. */
  readonly smokeJob?: boolean;
  /** Public id of the tenant whose looks, languages and plan are taken over, or the name of a preset. */
  readonly from?: string;
}

/** A launched tenant. */
export interface Launched {
  /** uuid. */
  readonly id: string;
  /** The first owner, and the link that works once; null when nobody was invited. */
  readonly owner: InvitedMemberWithLink | null;
  /** Shown once. */
  readonly apiKey: string | null;
  /** uuid. */
  readonly smokeJobId: string | null;
}
