import { Injectable } from '@nestjs/common';
import { TtlCache } from '../common/ttl-cache.js';
import { TenantDb } from '../database/tenant-db.js';
import { LimitExceededError } from '../http/quota-exceeded.error.js';
import { UNITS } from './limits/quota-names.js';
import { startOfDay } from './start-of-day.js';
import { UsageRepository } from './usage.repository.js';

/** Device time is known when a job ends, so a look every few seconds is as good as one a job. */
const TTL_MS = 5_000;
const MAX_TENANTS = 10_000;
const DAY_SECONDS = 86_400;
const LIMIT = `select quota::float8 as quota from maru.tenant_limits($1) where name = 'gpu'`;

interface Budget {
  readonly quota: number;
  readonly usedMs: number;
}

/** Device time of a tenant a day (UTC). Jobs that run when it is used up end as they would. */
@Injectable()
export class GpuBudget {
  private readonly budgets = new TtlCache<Budget>(TTL_MS, MAX_TENANTS);

  constructor(
    private readonly db: TenantDb,
    private readonly usage: UsageRepository,
  ) {}

  /** @throws LimitExceededError when the day's device time was used up at most 5 s ago */
  async assertLeft(tenantId: string): Promise<void> {
    const now = new Date();
    const today = startOfDay(now);
    const key = `${tenantId} ${today.getTime()}`;
    const { quota, usedMs } = await this.budgets.get(key, () => this.read(tenantId, today));
    if (usedMs < quota) return;
    const resetMs = today.getTime() + DAY_SECONDS * 1_000 - now.getTime();
    throw new LimitExceededError([
      { name: 'gpu', quota, windowSeconds: DAY_SECONDS, unit: UNITS.gpu, left: 0, resetMs },
    ]);
  }

  private async read(tenantId: string, today: Date): Promise<Budget> {
    const [limit, usedUs] = await Promise.all([
      this.db.one<{ quota: number }>(tenantId, { name: 'gpu-limit', text: LIMIT, values: [tenantId] }),
      this.usage.deviceUsSince(tenantId, today),
    ]);
    return { quota: limit[0]?.quota ?? Infinity, usedMs: usedUs / 1_000 };
  }
}
