import type { Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test, type TestingModule } from '@nestjs/testing';
import { ANALYZERS } from '../../src/analyzers/analyzer-registry.js';
import type { Analyzer } from '../../src/analyzers/analyzer.js';
import { ConfigModule } from '../../src/config/config.module.js';
import { loadConfig } from '../../src/config/config.js';
import { DatabaseModule } from '../../src/database/database.module.js';
import { GpuSchedulerModule } from '../../src/gpu-scheduler/gpu-scheduler.module.js';
import { configureApp } from '../../src/http/configure-app.js';
import { fastifyOptions } from '../../src/http/fastify-options.js';
import { HttpLayerModule } from '../../src/http/http.module.js';
import { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import { InferenceModule } from '../../src/inference/inference.module.js';
import type { InferenceRuntime } from '../../src/inference/inference-runtime.js';
import type { ModelVersion } from '../../src/inference/model-version.js';
import { ModelStore } from '../../src/inference/models/model-catalog.js';
import { ServedModels } from '../../src/inference/models/served-models.js';
import { RuntimeRegistry } from '../../src/inference/runtimes/runtime-registry.js';
import { JobsApiModule } from '../../src/jobs/jobs-api.module.js';
import { JobsWorkerModule } from '../../src/jobs/jobs-worker.module.js';
import { JobStageRecorder } from '../../src/jobs/stages/job-stage-recorder.js';
import { JobStagesModule } from '../../src/jobs/stages/job-stages.module.js';
import { authenticatedByTenant } from './jobs-http.js';
import { FixedModels } from './scheduler-bench.js';

/** One decoder and a small arena: these tests decode nothing. */
const config = () => loadConfig({ ...process.env, INFERENCE_DECODERS: '1', INFERENCE_ARENA_MIB: '8' });
const roomsOf = (...rooms: (Type | ReturnType<typeof GpuSchedulerModule.forRoot>)[]) => [
  ConfigModule.forRoot(config()),
  DatabaseModule.forRoot({ appConnections: 5 }),
  HttpLayerModule,
  ...rooms,
];

/** The jobs API with these analyzers, listening; the bearer token is the tenant's uuid. `models`: instead of the shipped. */
export async function probeApi(
  analyzers: readonly Analyzer[],
  models?: readonly ModelVersion[],
  ...rooms: Type[]
): Promise<NestFastifyApplication> {
  const imports = roomsOf(JobsApiModule, ...rooms);
  const builder = Test.createTestingModule({ imports, providers: [authenticatedByTenant] })
    .overrideProvider(ANALYZERS)
    .useValue(analyzers);
  if (models) builder.overrideProvider(ModelStore).useValue(new FixedModels(models));
  const module = await builder.compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(fastifyOptions(config())));
  await configureApp(app, config());
  await app.listen({ port: 0, host: '127.0.0.1' });
  return app;
}

/** A whole worker at work, with these analyzers, models and runtime. Closing it drains it. */
export async function probeWorker(
  analyzers: readonly Analyzer[],
  models: readonly ModelVersion[] | ModelStore,
  runtime: (arena: TensorArena) => InferenceRuntime,
): Promise<TestingModule> {
  const scheduler = GpuSchedulerModule.forRoot({
    imports: [JobStagesModule, InferenceModule],
    stageRecorder: JobStageRecorder,
  });
  const module = await Test.createTestingModule({ imports: roomsOf(scheduler, JobsWorkerModule) })
    .overrideProvider(ANALYZERS)
    .useValue(analyzers)
    .overrideProvider(ServedModels)
    .useValue(new ServedModels(models instanceof ModelStore ? models : new FixedModels(models)))
    .overrideProvider(RuntimeRegistry)
    .useFactory({ factory: (arena: TensorArena) => new RuntimeRegistry([runtime(arena)]), inject: [TensorArena] })
    .compile();
  return module.init();
}
