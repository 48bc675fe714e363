import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { ConfigModule } from '../../dist/src/config/config.module.js';
import { DatabaseModule } from '../../dist/src/database/database.module.js';
import { GpuSchedulerService } from '../../dist/src/gpu-scheduler/gpu-scheduler.service.js';
import { InferenceModule } from '../../dist/src/inference/inference.module.js';
import { JobTargets } from '../../dist/src/jobs/duties/job-targets.js';
import { JobRunner } from '../../dist/src/jobs/duties/job-runner.js';
import { RunnerResources } from '../../dist/src/jobs/duties/runner-resources.js';
import { JobsWorkerModule } from '../../dist/src/jobs/jobs-worker.module.js';
import { JobRecorder } from '../../dist/src/jobs/recording/job-recorder.js';
import { Journals } from '../../dist/src/jobs/recording/journals.js';
import { QueuedNotifier } from '../../dist/src/jobs/submission/queued-notifier.js';
import { SubmissionRepository } from '../../dist/src/jobs/submission/submission.repository.js';
import { SubmissionWriter } from '../../dist/src/jobs/submission/submission-writer.js';

class Submission {}
class NoScheduler {}
class NoInference {}

export const SUBMISSION = {
  module: Submission,
  providers: [SubmissionWriter, SubmissionRepository, QueuedNotifier],
  exports: [SubmissionWriter, SubmissionRepository],
};
/** The scheduler's answer to the claimer: there is always room. */
const ROOMY = { claimable: () => 512, isSated: false, leadMs: () => 0, waits: () => [], stats: () => ({}) };
const NO_SCHEDULER = {
  module: NoScheduler,
  global: true,
  providers: [{ provide: GpuSchedulerService, useValue: ROOMY }],
  exports: [GpuSchedulerService],
};

/** The submit path alone. The caller closes it. */
export function startSubmission(config) {
  const imports = [ConfigModule.forRoot(config), DatabaseModule.forRoot({ appConnections: 1 }), SUBMISSION];
  return initialized(Test.createTestingModule({ imports }));
}

/**
 * The submit path and a whole worker in one process: claimer, recorder, lease with heartbeats, reaper, notifications. Only
 * the runner, the scheduler and the engines are replaced. The caller closes it.
 * @param makeRunner takes the journals and the recorder
 */
export async function startPipeline(config, makeRunner) {
  const imports = [
    ConfigModule.forRoot(config),
    DatabaseModule.forRoot({ appConnections: 1 }),
    SUBMISSION,
    NO_SCHEDULER,
    JobsWorkerModule,
  ];
  const builder = Test.createTestingModule({ imports })
    .overrideModule(InferenceModule)
    .useModule(NoInference)
    .overrideProvider(JobTargets)
    .useValue({})
    .overrideProvider(RunnerResources)
    .useValue({})
    .overrideProvider(JobRunner)
    .useFactory({
      inject: [Journals, JobRecorder],
      factory: makeRunner,
    });
  return opened(await initialized(builder));
}

/** What a load needs of a running pipeline. */
export function opened(app) {
  const [writer, runner] = [SubmissionWriter, JobRunner].map((type) => app.get(type, { strict: false }));
  return { writer, runner, close: () => app.close() };
}

export async function initialized(builder) {
  const module = await builder.compile();
  module.useLogger(['error', 'warn']);
  return module.init();
}
