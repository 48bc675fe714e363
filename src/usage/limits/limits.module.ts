import { Module } from '@nestjs/common';
import { LeasedLimiter } from './leased-limiter.js';
import { QuotaLeaseRepository } from './quota-lease.repository.js';

/** The limits that all processes count together. */
@Module({
  providers: [LeasedLimiter, QuotaLeaseRepository],
  exports: [LeasedLimiter],
})
export class LimitsModule {}
