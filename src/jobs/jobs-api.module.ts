import { Module } from '@nestjs/common';
import { AnalyzersController } from './analyzers.controller.js';
import { CancelRepository } from './canceling/cancel.repository.js';
import { JobCancel } from './canceling/job-cancel.js';
import { AnalyzerCatalogModule } from './catalog/analyzer-catalog.module.js';
import { JobRequests } from './http/job-requests.js';
import { JobStreamController } from './job-stream.controller.js';
import { JobsController } from './jobs.controller.js';
import { JobReadingModule } from './reading/job-reading.module.js';
import { JobSubmissionModule } from './submission/job-submission.module.js';

/** The API's half of the jobs room: submission, reads, cancellation, streams, and the analyzers on offer. */
@Module({
  imports: [AnalyzerCatalogModule, JobReadingModule, JobSubmissionModule],
  controllers: [JobStreamController, JobsController, AnalyzersController],
  providers: [CancelRepository, JobCancel, JobRequests],
})
export class JobsApiModule {}
