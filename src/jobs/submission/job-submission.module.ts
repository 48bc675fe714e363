import { Module } from '@nestjs/common';
import { AnalyzerCatalogModule } from '../catalog/analyzer-catalog.module.js';
import { JobAdmissionModule } from '../admission/job-admission.module.js';
import { FilesModule } from '../../files/files.module.js';
import { JobReadingModule } from '../reading/job-reading.module.js';
import { IdempotentWrites } from './idempotent-writes.js';
import { InputFiles } from './input-files.js';
import { JobRequestReader } from './job-request-reader.js';
import { JobSubmission } from './job-submission.js';
import { MultipartReader } from './multipart-reader.js';
import { OutboundModule } from '../../outbound/outbound.module.js';
import { RemoteFiles } from './remote-files.js';
import { QueuedNotifier } from './queued-notifier.js';
import { SubmissionRepository } from './submission.repository.js';
import { SubmissionWriter } from './submission-writer.js';

/** From a request to durable rows. */
@Module({
  imports: [AnalyzerCatalogModule, FilesModule, JobAdmissionModule, JobReadingModule, OutboundModule],
  providers: [
    JobRequestReader,
    MultipartReader,
    JobSubmission,
    InputFiles,
    RemoteFiles,
    IdempotentWrites,
    SubmissionWriter,
    SubmissionRepository,
    QueuedNotifier,
  ],
  exports: [IdempotentWrites, JobRequestReader, JobSubmission, SubmissionWriter],
})
export class JobSubmissionModule {}
