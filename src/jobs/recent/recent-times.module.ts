import { Module } from '@nestjs/common';
import { JobReadingModule } from '../reading/job-reading.module.js';
import { RecentJobsRepository } from './recent-jobs.repository.js';
import { RecentStarts } from './recent-starts.js';
import { RecentTimes } from './recent-times.js';

/** What jobs took lately. */
@Module({
  imports: [JobReadingModule],
  providers: [RecentJobsRepository, RecentTimes, RecentStarts],
  exports: [RecentTimes, RecentStarts],
})
export class RecentTimesModule {}
