import { Test } from '@nestjs/testing';
import { ConfigModule } from '../../dist/src/config/config.module.js';
import { DatabaseModule } from '../../dist/src/database/database.module.js';
import { GpuSchedulerModule } from '../../dist/src/gpu-scheduler/gpu-scheduler.module.js';
import { TensorArena } from '../../dist/src/inference/arena/tensor-arena.js';
import { DecoderPool } from '../../dist/src/inference/decoder/decoder-pool.js';
import { InferenceModule } from '../../dist/src/inference/inference.module.js';
import { ModelStore } from '../../dist/src/inference/models/model-catalog.js';
import { RuntimeRegistry } from '../../dist/src/inference/runtimes/runtime-registry.js';
import { AttemptSteps } from '../../dist/src/jobs/duties/attempt-steps.js';
import { JobRunner } from '../../dist/src/jobs/duties/job-runner.js';
import { JobTargets } from '../../dist/src/jobs/duties/job-targets.js';
import { RunnerResources } from '../../dist/src/jobs/duties/runner-resources.js';
import { JobsWorkerModule } from '../../dist/src/jobs/jobs-worker.module.js';
import { JobRecorder } from '../../dist/src/jobs/recording/job-recorder.js';
import { Journals } from '../../dist/src/jobs/recording/journals.js';
import { JobStageRecorder } from '../../dist/src/jobs/stages/job-stage-recorder.js';
import { JobStagesModule } from '../../dist/src/jobs/stages/job-stages.module.js';
import { initialized, opened, SUBMISSION } from './product.mjs';
import { NOTHING_ANALYZER, NOTHING_MODEL, NothingRuntime } from './nothing.mjs';

class NothingModels extends ModelStore {
  list = () => [NOTHING_MODEL];
  byName = () => NOTHING_MODEL;
  byId = () => NOTHING_MODEL;
}
const TARGET = { analyzer: NOTHING_ANALYZER, models: [NOTHING_MODEL], release: () => undefined };

class NothingInference {}
const INFERENCE = {
  module: NothingInference,
  providers: [
    { provide: TensorArena, useFactory: () => TensorArena.create(8 * 2 ** 20) },
    { provide: DecoderPool, useValue: {} },
    { provide: ModelStore, useClass: NothingModels },
    { provide: RuntimeRegistry, useFactory: () => new RuntimeRegistry([new NothingRuntime()]) },
  ],
  exports: [TensorArena, DecoderPool, ModelStore, RuntimeRegistry],
};

/** The product's runner; tells when a job has ended. */
class TellingRunner extends JobRunner {
  ended = () => undefined;

  async run(claim) {
    await super.run(claim);
    this.ended(claim.jobId);
  }
}

/** As `startPipeline`, with the real JobRunner and the real scheduler; the analyzer and the runtime do nothing. */
export async function startScheduledPipeline(config) {
  const imports = [
    ConfigModule.forRoot(config),
    DatabaseModule.forRoot({ appConnections: 1 }),
    SUBMISSION,
    GpuSchedulerModule.forRoot({ imports: [JobStagesModule, InferenceModule], stageRecorder: JobStageRecorder }),
    JobsWorkerModule,
  ];
  const builder = Test.createTestingModule({ imports })
    .overrideModule(InferenceModule)
    .useModule(INFERENCE)
    .overrideProvider(JobTargets)
    .useValue({ of: () => Promise.resolve(TARGET) })
    .overrideProvider(JobRunner)
    .useFactory({
      inject: [JobTargets, AttemptSteps, Journals, JobRecorder, RunnerResources],
      factory: (...parts) => new TellingRunner(...parts),
    });
  const app = await initialized(builder);
  const arena = app.get(TensorArena, { strict: false });
  const pipeline = opened(app);
  return { ...pipeline, close: () => pipeline.close().then(() => arena.close()) };
}
