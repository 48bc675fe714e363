import { type DynamicModule, Module, type ModuleMetadata, type Type } from '@nestjs/common';
import { Clock, SystemClock } from '../common/clock.js';
import { BatchRunner } from './batch-runner.js';
import { CoreStateStore, NoStateStore } from './core-state-store.js';
import { DevicePool } from './device-pool.js';
import { GpuSchedulerService } from './gpu-scheduler.service.js';
import { SchedulerMetrics } from './scheduler-metrics.js';
import { SchedulerSettings } from './scheduler-settings.js';
import { StageRecorder } from './stage-recorder.js';
import { StateKeeper } from './state-keeper.js';

/** What the composition root gives. */
export interface GpuSchedulerModuleOptions {
  /** Modules that export the recorder and, where they are not global, RuntimeRegistry and ModelStore. */
  readonly imports?: ModuleMetadata['imports'];
  /** The adapter of the StageRecorder port, exported by one of the imports. */
  readonly stageRecorder: Type<StageRecorder>;
  /** The adapter of the CoreStateStore port, exported by one of the imports. Default: nothing survives a restart. */
  readonly stateStore?: Type<CoreStateStore>;
  /** Each field has a default. */
  readonly settings?: Partial<SchedulerSettings>;
}

/** The scheduler of a worker process. Call `forRoot` once, in the root: each call is an instance of its own. */
@Module({})
export class GpuSchedulerModule {
  static forRoot({ imports = [], stageRecorder, stateStore, settings }: GpuSchedulerModuleOptions): DynamicModule {
    return {
      module: GpuSchedulerModule,
      global: true,
      imports,
      providers: [
        { provide: Clock, useClass: SystemClock },
        { provide: StageRecorder, useExisting: stageRecorder },
        { provide: CoreStateStore, ...(stateStore ? { useExisting: stateStore } : { useClass: NoStateStore }) },
        { provide: SchedulerSettings, useFactory: () => new SchedulerSettings(settings) },
        BatchRunner,
        DevicePool,
        GpuSchedulerService,
        SchedulerMetrics,
        StateKeeper,
      ],
      exports: [DevicePool, GpuSchedulerService, SchedulerMetrics],
    };
  }
}
