import { Module } from '@nestjs/common';
import { UsageRollup } from './usage-rollup.js';

/** The chore that adds usage up; for workers. */
@Module({ providers: [UsageRollup], exports: [UsageRollup] })
export class UsageRollupModule {}
