import { Module } from '@nestjs/common';
import { JobReadingModule } from '../reading/job-reading.module.js';
import { Fleet } from './fleet.js';
import { FleetRepository } from './fleet.repository.js';
import { QueueStanding } from './queue-standing.js';
import { TenantQueues } from './tenant-queues.js';
import { TenantWaits } from './tenant-waits.js';

/** How tenants stand in the queue. */
@Module({
  imports: [JobReadingModule],
  providers: [Fleet, FleetRepository, QueueStanding, TenantQueues, TenantWaits],
  exports: [QueueStanding, TenantQueues],
})
export class QueueStandingModule {}
