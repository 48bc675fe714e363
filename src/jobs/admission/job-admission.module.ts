import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { JobAdmission } from './job-admission.js';
import { QueueCounter } from './queue-counter.js';
import { QueueDepthsRepository } from './queue-depths.repository.js';
import { TenantLimits } from './tenant-limits.js';

/** Whether one more job is taken in. */
@Module({
  imports: [FilesModule],
  providers: [JobAdmission, QueueCounter, QueueDepthsRepository, TenantLimits],
  exports: [JobAdmission],
})
export class JobAdmissionModule {}
