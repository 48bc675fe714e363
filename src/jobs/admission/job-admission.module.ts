import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { JobAdmission } from './job-admission.js';
import { UsageModule } from '../../usage/usage.module.js';
import { LimitsModule } from '../../usage/limits/limits.module.js';
import { JobQuotas } from './job-quotas.js';
import { QueueCounter } from './queue-counter.js';
import { QueueDepthsRepository } from './queue-depths.repository.js';
import { TenantLimits } from './tenant-limits.js';

/** Whether one more job is taken in. */
@Module({
  imports: [FilesModule, LimitsModule, UsageModule],
  providers: [JobAdmission, JobQuotas, QueueCounter, QueueDepthsRepository, TenantLimits],
  exports: [JobAdmission],
})
export class JobAdmissionModule {}
