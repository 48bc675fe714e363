import { Injectable } from '@nestjs/common';
import { GpuBudget } from '../../usage/gpu-budget.js';
import { LeasedLimiter } from '../../usage/limits/leased-limiter.js';
import type { Place } from './place.js';

const ONE_JOB = [{ name: 'daily' }] as const;

/** Limits that a tenant spends by the day. */
@Injectable()
export class JobQuotas {
  constructor(
    private readonly limiter: LeasedLimiter,
    private readonly gpu: GpuBudget,
  ) {}

  /**
   * Spends one job of the day on `write`; given back unless the place was kept for a job.
   * @throws LimitExceededError, or what `write` throws
   */
  async spend<T>(tenantId: string, place: Place, write: () => Promise<T>): Promise<T> {
    await this.gpu.assertLeft(tenantId);
    await this.limiter.take(tenantId, ONE_JOB);
    try {
      return await write();
    } finally {
      if (!place.isKept) this.limiter.giveBack(tenantId, ONE_JOB);
    }
  }
}
