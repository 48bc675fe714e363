import { Module } from '@nestjs/common';
import { Clock, SystemClock } from '../../common/clock.js';
import { ChangeNotifier } from '../recording/change-notifier.js';
import { JobRecorder } from '../recording/job-recorder.js';
import { Journals } from '../recording/journals.js';
import { RecordingRepository } from '../recording/recording.repository.js';
import { JobStageRecorder } from './job-stage-recorder.js';
import { StoredCoreState } from './stored-core-state.js';

const CLOCK = { provide: Clock, useClass: SystemClock };

/** Recording of attempts. Must not import the scheduler: the scheduler's port is bound to JobStageRecorder in the root. */
@Module({
  providers: [CLOCK, ChangeNotifier, RecordingRepository, JobRecorder, Journals, JobStageRecorder, StoredCoreState],
  exports: [CLOCK, ChangeNotifier, JobRecorder, Journals, JobStageRecorder, StoredCoreState],
})
export class JobStagesModule {}
