import { Module } from '@nestjs/common';
import { AnalyzersModule } from '../analyzers/analyzers.module.js';
import { FilesModule } from '../files/files.module.js';
import { InferenceModule } from '../inference/inference.module.js';
import { AttemptSteps } from './duties/attempt-steps.js';
import { CancelRequests } from './duties/cancel-requests.js';
import { ClaimWindows } from './duties/claim-windows.js';
import { HeldClaims } from './duties/held-claims.js';
import { JobClaimer } from './duties/job-claimer.js';
import { JobReaper } from './duties/job-reaper.js';
import { JobRunner } from './duties/job-runner.js';
import { JobTargets } from './duties/job-targets.js';
import { LeaseThread } from './duties/lease-thread.js';
import { LeaseTimes } from './duties/lease-times.js';
import { OutlookPublisher } from './duties/outlook-publisher.js';
import { OutlooksRepository } from './duties/outlooks.repository.js';
import { QueueRepository } from './duties/queue.repository.js';
import { QueueSweeper } from './duties/queue-sweeper.js';
import { ReadyTenants } from './duties/ready-tenants.js';
import { RunnerResources } from './duties/runner-resources.js';
import { StepInference } from './duties/step-inference.js';
import { WorkerDuties } from './duties/worker-duties.js';
import { WorkerLease } from './duties/worker-lease.js';
import { WorkersRepository } from './duties/workers.repository.js';
import { JobStagesModule } from './stages/job-stages.module.js';

/** The worker's half of the jobs room: claiming, running, recording, reaping. */
@Module({
  imports: [AnalyzersModule, FilesModule, InferenceModule, JobStagesModule],
  providers: [
    AttemptSteps,
    CancelRequests,
    ClaimWindows,
    HeldClaims,
    JobClaimer,
    JobReaper,
    JobRunner,
    JobTargets,
    LeaseThread,
    LeaseTimes,
    RunnerResources,
    OutlookPublisher,
    OutlooksRepository,
    QueueRepository,
    QueueSweeper,
    ReadyTenants,
    StepInference,
    WorkerDuties,
    WorkerLease,
    WorkersRepository,
  ],
})
export class JobsWorkerModule {}
