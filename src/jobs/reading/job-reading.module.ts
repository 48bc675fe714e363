import { Module } from '@nestjs/common';
import { JobWaiter } from '../watching/job-waiter.js';
import { JobStream } from '../watching/job-stream.js';
import { JobWatch } from '../watching/job-watch.js';
import { JobList } from './job-list.js';
import { JobReader } from './job-reader.js';
import { JobsRepository } from './jobs.repository.js';
import { JobViews } from './job-views.js';

/** Reads of jobs: once, when they change, and as a stream. */
@Module({
  providers: [JobsRepository, JobReader, JobViews, JobList, JobWatch, JobWaiter, JobStream],
  exports: [JobReader, JobViews, JobList, JobWatch, JobWaiter, JobStream],
})
export class JobReadingModule {}
