import type { TestingModule } from '@nestjs/testing';
import { GpuSchedulerService } from '../../src/gpu-scheduler/gpu-scheduler.service.js';
import { HeldClaims } from '../../src/jobs/duties/held-claims.js';
import { LeaseThread } from '../../src/jobs/duties/lease-thread.js';
import { LeaseTimes } from '../../src/jobs/duties/lease-times.js';
import { QueueRepository } from '../../src/jobs/duties/queue.repository.js';
import { QueueSweeper } from '../../src/jobs/duties/queue-sweeper.js';
import { WorkerLease } from '../../src/jobs/duties/worker-lease.js';
import { WorkersRepository } from '../../src/jobs/duties/workers.repository.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { databaseModule } from './database-module.js';

/** A worker's lease with its thread, on the database of this test file, without devices. */
export function leaseRoom(times: Partial<LeaseTimes> = {}): Promise<TestingModule> {
  const providers = [
    HeldClaims,
    LeaseThread,
    QueueRepository,
    QueueSweeper,
    WorkerLease,
    WorkersRepository,
    { provide: GpuSchedulerService, useValue: { stats: () => ({}) } },
    { provide: LeaseTimes, useValue: Object.assign(new LeaseTimes(), times) },
  ];
  return databaseModule({ module: JobStagesModule, providers });
}
