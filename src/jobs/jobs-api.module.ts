import { Module } from '@nestjs/common';
import { AnalyzersController } from './analyzers.controller.js';
import { CancelRepository } from './canceling/cancel.repository.js';
import { JobCancel } from './canceling/job-cancel.js';
import { AnalyzerCatalogModule } from './catalog/analyzer-catalog.module.js';
import { JobEventsModule } from './events/job-events.module.js';
import { EventsController } from './events.controller.js';
import { JobRequests } from './http/job-requests.js';
import { JobRepeatsController } from './job-repeats.controller.js';
import { JobStreamController } from './job-stream.controller.js';
import { JobsController } from './jobs.controller.js';
import { InferRequests } from './open-inference/infer-requests.js';
import { TenantModels } from './open-inference/tenant-models.js';
import { TensorJobs } from './open-inference/tensor-jobs.js';
import { OpenInferenceController } from './open-inference.controller.js';
import { JobQuotingModule } from './quoting/job-quoting.module.js';
import { QueueController } from './queue.controller.js';
import { JobReadingModule } from './reading/job-reading.module.js';
import { JobDataModule } from './retention/job-data.module.js';
import { JobRepeatingModule } from './repeating/job-repeating.module.js';
import { QueueStandingModule } from './standing/queue-standing.module.js';
import { JobSubmissionModule } from './submission/job-submission.module.js';

/** The API's half of the jobs room: submission, reads, cancellation, streams, and the analyzers on offer. */
@Module({
  imports: [
    AnalyzerCatalogModule,
    JobDataModule,
    JobEventsModule,
    JobQuotingModule,
    JobReadingModule,
    JobRepeatingModule,
    JobSubmissionModule,
    QueueStandingModule,
  ],
  controllers: [
    ...[JobStreamController, JobsController, JobRepeatsController, EventsController, AnalyzersController],
    ...[OpenInferenceController, QueueController],
  ],
  providers: [CancelRepository, JobCancel, JobRequests, InferRequests, TenantModels, TensorJobs],
})
export class JobsApiModule {}
