import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../../common/clock.js';
import { JobWaiter } from '../watching/job-waiter.js';
import { JobStream } from '../watching/job-stream.js';
import { JobWatch } from '../watching/job-watch.js';
import { StreamClock } from '../watching/stream-clock.js';
import { StreamLives } from '../watching/stream-lives.js';
import { WatchSweep } from '../watching/watch-sweep.js';
import { JobList } from './job-list.js';
import { JobReader } from './job-reader.js';
import { JobsRepository } from './jobs.repository.js';
import { JobViews } from './job-views.js';
import { QueueOutlooks } from './queue-outlooks.js';
import { SharedJobReads } from './shared-job-reads.js';

/** Reads of jobs: once, when they change, and as a stream. */
@Module({
  providers: [
    { provide: Clock, useClass: SystemClock },
    ...[JobsRepository, JobReader, SharedJobReads, JobViews, JobList, QueueOutlooks],
    ...[JobWatch, WatchSweep, JobWaiter, JobStream, StreamClock, StreamLives],
  ],
  exports: [
    ...[JobReader, JobsRepository, QueueOutlooks, SharedJobReads, JobViews, JobList],
    ...[JobWatch, JobWaiter, JobStream, StreamClock, StreamLives],
  ],
})
export class JobReadingModule {}
