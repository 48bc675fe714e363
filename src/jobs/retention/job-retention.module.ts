import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { JobRetention } from './job-retention.js';

/** The worker's half of retention: erasing on schedule. Housekeeping runs it. */
@Module({ imports: [FilesModule], providers: [JobRetention], exports: [JobRetention] })
export class JobRetentionModule {}
