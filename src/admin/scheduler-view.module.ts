import { Module } from '@nestjs/common';
import { JobHistoryRepository } from './job-history.repository.js';
import { SchedulerView } from './scheduler-view.js';
import { TenantActivityRepository } from './tenant-activity.repository.js';
import { WorkerStatsRepository } from './worker-stats.repository.js';

/** What operators see of schedulers and of the jobs of tenants, without HTTP. */
@Module({
  providers: [JobHistoryRepository, SchedulerView, TenantActivityRepository, WorkerStatsRepository],
  exports: [SchedulerView, TenantActivityRepository, WorkerStatsRepository],
})
export class SchedulerViewModule {}
