import { Module } from '@nestjs/common';
import { FilesModule } from '../../files/files.module.js';
import { JobDataController } from '../job-data.controller.js';
import { JobReadingModule } from '../reading/job-reading.module.js';
import { JobErasure } from './job-erasure.js';

/** The API's half of retention: erasing on request. */
@Module({
  imports: [FilesModule, JobReadingModule],
  controllers: [JobDataController],
  providers: [JobErasure],
})
export class JobDataModule {}
