import type { TenantLocales, TenantStatus } from './tenant.entity.js';

/** What operators decide about a tenant. */
export interface TenantSettings {
  readonly name: string;
  readonly status: TenantStatus;
  /** Share of the devices, 1..100. */
  readonly weight: number;
  readonly locales: TenantLocales;
  readonly plan: string;
  /** Days for which jobs keep input and result. */
  readonly retentionDays: number;
  /** Jobs that may wait or run. */
  readonly maxQueuedJobs: number;
  /** Why it is suspended; null when it is not. */
  readonly suspendedReason: string | null;
  /** RFC 3339: when its data is removed; null unless it was deleted. */
  readonly deleteAfter: string | null;
}

/** Those that a PATCH can change; what is absent stays. */
export type TenantChange = Partial<
  Pick<TenantSettings, 'name' | 'weight' | 'locales' | 'plan' | 'retentionDays' | 'maxQueuedJobs'>
>;

/** An exception from a tenant's plan. */
export interface QuotaOverride {
  readonly name: string;
  readonly limit: number;
  readonly reason: string;
  /** Null: until it is taken back. */
  readonly expiresAt: Date | null;
}
