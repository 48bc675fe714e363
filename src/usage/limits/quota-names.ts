/** Limits of a tenant that an operator can set. */
export const QUOTA_NAMES = ['requests', 'key', 'submit', 'daily', 'gpu', 'stored', 'queued'] as const;
export type QuotaName = (typeof QUOTA_NAMES)[number];

/** Those that are counted by leases. The others are counted where they happen: ledger, files, queue. */
export type LeasedName = Extract<QuotaName, 'requests' | 'key' | 'submit' | 'daily'>;

/** What the others count, in RateLimit headers. */
export const UNITS: Readonly<Partial<Record<QuotaName, string>>> = {
  gpu: 'gpu-ms',
  stored: 'content-bytes',
  queued: 'jobs',
};

/** Subject of every policy but `key`, whose subject is the API key. */
export const WHOLE_TENANT = '00000000-0000-0000-0000-000000000000';
