import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SystemClock } from '../common/clock.js';
import { InferenceConfig, StorageConfig } from '../config/config.js';
import { TensorArena } from './arena/tensor-arena.js';
import { DecoderPool } from './decoder/decoder-pool.js';
import { ModelStore } from './models/model-catalog.js';
import { ShippedModels } from './models/shipped-models.js';
import { OnnxRuntime } from './runtimes/onnx/onnx-runtime.js';
import { RuntimeRegistry } from './runtimes/runtime-registry.js';

/** Model whose results decide whether an accelerator serves; any other model when it does not ship. */
const CANARY = 'surface-net';

/** Everything that executes models in this worker. Decoders start with the application, engines with the first model. */
@Module({
  providers: [
    {
      provide: TensorArena,
      inject: [InferenceConfig],
      useFactory: (config: InferenceConfig) => TensorArena.create(config.arenaBytes),
    },
    {
      provide: ModelStore,
      inject: [StorageConfig],
      useFactory: (config: StorageConfig) => new ShippedModels(config.modelsDir),
    },
    {
      provide: DecoderPool,
      inject: [TensorArena, InferenceConfig],
      useFactory: (arena: TensorArena, config: InferenceConfig) => new DecoderPool(arena, config.decoders),
    },
    {
      provide: RuntimeRegistry,
      inject: [TensorArena, InferenceConfig, ModelStore],
      useFactory: (arena: TensorArena, config: InferenceConfig, models: ModelStore) =>
        new RuntimeRegistry([onnxRuntime(arena, config, models)]),
    },
  ],
  exports: [TensorArena, DecoderPool, RuntimeRegistry, ModelStore],
})
export class InferenceModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly runtimes: RuntimeRegistry,
    private readonly decoders: DecoderPool,
    private readonly arena: TensorArena,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.decoders.start();
  }

  /** Children first: the arena goes when nobody can write to it any more. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.decoders.close(), ...this.runtimes.all().map((runtime) => runtime.close())]);
    this.arena.close();
  }
}

function onnxRuntime(arena: TensorArena, config: InferenceConfig, models: ModelStore): OnnxRuntime {
  const canary = models.list().find(({ name }) => name === CANARY) ?? models.list()[0];
  const options = {
    wanted: config.devices,
    canary: canary?.file ?? null,
    driverEnvironment: config.driverEnvironment ?? {},
  };
  return new OnnxRuntime(arena, options, new SystemClock());
}
