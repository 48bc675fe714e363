import { Module } from '@nestjs/common';
import { SessionCleaner } from './session-cleaner.js';

/** The chore for the worker, which has no other use for this room. */
@Module({ providers: [SessionCleaner], exports: [SessionCleaner] })
export class SessionCleanerModule {}
