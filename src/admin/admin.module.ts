import { Module } from '@nestjs/common';
import { ProcessStateModule } from '../health/process-state.module.js';
import { TenantsModule } from '../tenants/tenants.module.js';
import { JobHistoryRepository } from './job-history.repository.js';
import { OperatorSchedulerController } from './operator-scheduler.controller.js';
import { OperatorTenantsController } from './operator-tenants.controller.js';
import { TenantActivityRepository } from './tenant-activity.repository.js';
import { TenantController } from './tenant.controller.js';
import { WorkerMetrics } from './worker-metrics.js';
import { WorkerStatsRepository } from './worker-stats.repository.js';

/** HTTP of operators and of a tenant's own settings. */
@Module({
  imports: [ProcessStateModule, TenantsModule],
  controllers: [TenantController, OperatorTenantsController, OperatorSchedulerController],
  providers: [JobHistoryRepository, TenantActivityRepository, WorkerMetrics, WorkerStatsRepository],
})
export class AdminModule {}
