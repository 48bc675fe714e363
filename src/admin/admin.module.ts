import { Module } from '@nestjs/common';
import { ProcessStateModule } from '../health/process-state.module.js';
import { UsageModule } from '../usage/usage.module.js';
import { OperatorPlansController } from './plans/operator-plans.controller.js';
import { PlansModule } from './plans/plans.module.js';
import { OperatorSchedulerController } from './operator-scheduler.controller.js';
import { OperatorTenantSettingsController } from './operator-tenant-settings.controller.js';
import { OperatorTenantsController } from './operator-tenants.controller.js';
import { SchedulerViewModule } from './scheduler-view.module.js';
import { TenantAdministrationModule } from './tenant-administration.module.js';
import { TenantController } from './tenant.controller.js';
import { TenantViews } from './tenant-views.js';
import { WorkerMetrics } from './worker-metrics.js';

/** HTTP of operators and of a tenant's own settings. */
@Module({
  imports: [PlansModule, ProcessStateModule, SchedulerViewModule, TenantAdministrationModule, UsageModule],
  controllers: [
    TenantController,
    OperatorTenantsController,
    OperatorTenantSettingsController,
    OperatorSchedulerController,
    OperatorPlansController,
  ],
  providers: [TenantViews, WorkerMetrics],
})
export class AdminModule {}
