import { Module } from '@nestjs/common';
import { UsageAdding } from './usage-adding.js';
import { UsageRollup } from './usage-rollup.js';

/** Adds usage up all the time; for workers. */
@Module({ providers: [UsageAdding, UsageRollup] })
export class UsageRollupModule {}
