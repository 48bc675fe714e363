import { Module, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { SystemClock } from '../common/clock.js';
import { InferenceConfig, StorageConfig } from '../config/config.js';
import { TensorArena } from './arena/tensor-arena.js';
import { DecoderPool } from './decoder/decoder-pool.js';
import { JoinedModels } from './models/joined-models.js';
import { ModelStore } from './models/model-catalog.js';
import { ServedModels } from './models/served-models.js';
import { ShippedModels } from './models/shipped-models.js';
import { OnnxRuntime } from './runtimes/onnx/onnx-runtime.js';
import { RemoteRuntime } from './runtimes/remote/remote-runtime.js';
import { RemoteServer } from './runtimes/remote/remote-server.js';
import { RuntimeRegistry } from './runtimes/runtime-registry.js';
import { TensorflowRuntime } from './runtimes/tensorflow/tensorflow-runtime.js';

/** Model whose results decide whether an accelerator serves; any other model when it does not ship. */
const CANARY = 'surface-net';

const REMOTE_SERVERS = Symbol('REMOTE_SERVERS');

/** Everything that executes models in this worker. Decoders start with the application, engines with the first model. */
@Module({
  providers: [
    {
      provide: TensorArena,
      inject: [InferenceConfig],
      useFactory: (config: InferenceConfig) => TensorArena.create(config.arenaBytes),
    },
    {
      provide: REMOTE_SERVERS,
      inject: [InferenceConfig],
      useFactory: ({ remoteServers = [] }: InferenceConfig) => remoteServers.map((server) => new RemoteServer(server)),
    },
    {
      provide: ServedModels,
      inject: [StorageConfig, InferenceConfig, REMOTE_SERVERS],
      useFactory: (storage: StorageConfig, config: InferenceConfig, servers: readonly RemoteServer[]) =>
        new ServedModels(new JoinedModels(new ShippedModels(storage.modelsDir, config.shippedRuntimes), servers)),
    },
    { provide: ModelStore, useExisting: ServedModels },
    {
      provide: DecoderPool,
      inject: [TensorArena, InferenceConfig],
      useFactory: (arena: TensorArena, config: InferenceConfig) => new DecoderPool(arena, config.decoders),
    },
    {
      provide: RuntimeRegistry,
      inject: [TensorArena, InferenceConfig, ModelStore, REMOTE_SERVERS],
      useFactory: (arena: TensorArena, config: InferenceConfig, models: ModelStore, servers: readonly RemoteServer[]) =>
        new RuntimeRegistry([
          onnxRuntime(arena, config, models),
          tensorflowRuntime(arena, config),
          new RemoteRuntime(arena, servers),
        ]),
    },
  ],
  exports: [TensorArena, DecoderPool, RuntimeRegistry, ModelStore, ServedModels],
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
  const onnxModels = models.list().filter(({ runtime }) => runtime === 'onnx');
  const canary = onnxModels.find(({ name }) => name === CANARY) ?? onnxModels[0];
  const options = {
    wanted: config.devices,
    canary: canary?.file ?? null,
    driverEnvironment: config.driverEnvironment ?? {},
  };
  return new OnnxRuntime(arena, options, new SystemClock());
}

function tensorflowRuntime(arena: TensorArena, config: InferenceConfig): TensorflowRuntime {
  const options = { wanted: config.devices, driverEnvironment: config.driverEnvironment ?? {} };
  return new TensorflowRuntime(arena, options, new SystemClock());
}
