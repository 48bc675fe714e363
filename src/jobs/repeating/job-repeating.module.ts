import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { AnalyzerCatalogModule } from '../catalog/analyzer-catalog.module.js';
import { JobReadingModule } from '../reading/job-reading.module.js';
import { JobSubmissionModule } from '../submission/job-submission.module.js';
import { JobRepeats } from './job-repeats.js';
import { RepeatableInput } from './repeatable-input.js';
import { RepeatRequests } from './repeat-requests.js';

/** New jobs made of ended ones. */
@Module({
  imports: [AnalyzerCatalogModule, FilesModule, JobReadingModule, JobSubmissionModule],
  providers: [JobRepeats, RepeatableInput, RepeatRequests],
  exports: [RepeatRequests],
})
export class JobRepeatingModule {}
