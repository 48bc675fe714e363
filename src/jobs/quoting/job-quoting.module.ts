import { Module } from '@nestjs/common';
import { UsageModule } from '../../usage/usage.module.js';
import { JobReadingModule } from '../reading/job-reading.module.js';
import { RecentTimesModule } from '../recent/recent-times.module.js';
import { QueueStandingModule } from '../standing/queue-standing.module.js';
import { JobSubmissionModule } from '../submission/job-submission.module.js';
import { JobEstimates } from './job-estimates.js';
import { JobQuotes } from './job-quotes.js';

/** Quotes of jobs that are not submitted. */
@Module({
  imports: [JobReadingModule, JobSubmissionModule, QueueStandingModule, RecentTimesModule, UsageModule],
  providers: [JobEstimates, JobQuotes],
  exports: [JobQuotes],
})
export class JobQuotingModule {}
