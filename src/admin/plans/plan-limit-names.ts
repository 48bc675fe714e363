import { QUOTA_NAMES, type QuotaName } from '../../usage/limits/quota-names.js';

/** Limits that a plan sets; how many jobs may wait is set for each tenant. */
export type PlanLimitName = Exclude<QuotaName, 'queued'>;
export const PLAN_LIMIT_NAMES = QUOTA_NAMES.filter((name): name is PlanLimitName => name !== 'queued');
