import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModule, type TestingModuleBuilder } from '@nestjs/testing';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { GpuSchedulerModule } from '../../src/gpu-scheduler/gpu-scheduler.module.js';
import { configureApp } from '../../src/http/configure-app.js';
import { fastifyOptions } from '../../src/http/fastify-options.js';
import { HttpLayerModule } from '../../src/http/http.module.js';
import { InferenceModule } from '../../src/inference/inference.module.js';
import { ServedModels } from '../../src/inference/models/served-models.js';
import { FilesApiModule } from '../../src/files/files-api.module.js';
import { JobsApiModule } from '../../src/jobs/jobs-api.module.js';
import { JobsWorkerModule } from '../../src/jobs/jobs-worker.module.js';
import { JobStageRecorder } from '../../src/jobs/stages/job-stage-recorder.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { ModelRegistryApiModule } from '../../src/model-registry/model-registry-api.module.js';
import { ModelRegistryWorkerModule } from '../../src/model-registry/model-registry-worker.module.js';
import { UploadsModule } from '../../src/uploads/uploads.module.js';
import { authenticatedByTenant } from './jobs-http.js';
import { FixedModels } from './scheduler-bench.js';

/** One decoder, a small arena and the CPU alone. */
const config = () =>
  loadConfig({ ...process.env, INFERENCE_DECODERS: '1', INFERENCE_ARENA_MIB: '16', INFERENCE_DEVICES: 'cpu' });

/** The API with jobs, files and models, listening; the bearer token is the tenant's uuid. */
export async function modelApi(): Promise<NestFastifyApplication> {
  const module = await Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config()),
      DatabaseModule.forRoot({ appConnections: 5 }),
      HttpLayerModule,
      FilesApiModule,
      JobsApiModule,
      ModelRegistryApiModule,
      UploadsModule,
    ],
    providers: [authenticatedByTenant],
  }).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(fastifyOptions(config())));
  await configureApp(app, config());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app;
}

/** A whole worker with a real engine and no shipped models. Closing it drains it. */
export async function modelWorker(change = (builder: TestingModuleBuilder) => builder): Promise<TestingModule> {
  const scheduler = GpuSchedulerModule.forRoot({
    imports: [JobStagesModule, InferenceModule],
    stageRecorder: JobStageRecorder,
  });
  const builder = Test.createTestingModule({
    imports: [
      ConfigModule.forRoot(config()),
      DatabaseModule.forRoot({ appConnections: 5 }),
      HttpLayerModule,
      scheduler,
      JobsWorkerModule,
      ModelRegistryWorkerModule,
    ],
  })
    .overrideProvider(ServedModels)
    .useValue(new ServedModels(new FixedModels([])));
  return (await change(builder).compile()).init();
}
