import { Module } from '@nestjs/common';
import { GpuBudget } from './gpu-budget.js';
import { Quotas } from './quotas.js';
import { UnitPrices } from './unit-prices.js';
import { UsageReconciliation } from './usage-reconciliation.js';
import { UsageRepository } from './usage.repository.js';
import { UsageService } from './usage.service.js';

/** What tenants used and may use. */
@Module({
  providers: [GpuBudget, Quotas, UnitPrices, UsageReconciliation, UsageRepository, UsageService],
  exports: [GpuBudget, Quotas, UnitPrices, UsageReconciliation, UsageService],
})
export class UsageModule {}
