import type { Clock } from '../../../common/clock.js';
import type { TensorArena } from '../../arena/tensor-arena.js';
import { TENSORFLOW_ENGINE } from '../../engine/engine-program.js';
import { type EngineDevice, type EngineDevices, EngineRuntime } from '../engine-runtime.js';
import { findTensorflowDevices, type TensorflowSearch } from './tensorflow-devices.js';
import { tensorflowVersion } from './tensorflow-packages.js';

export type TensorflowRuntimeOptions = Omit<TensorflowSearch, 'directory'>;

/**
 * Executes TensorFlow.js graph and layers models, and SavedModels where the native binding is, in engine processes. An
 * engine starts with the first model: a worker that serves none has no process of this runtime.
 */
export class TensorflowRuntime extends EngineRuntime {
  readonly name = 'tensorflow';

  constructor(
    arena: TensorArena,
    private readonly options: TensorflowRuntimeOptions,
    clock: Clock,
  ) {
    super(arena, { program: TENSORFLOW_ENGINE, driverEnvironment: options.driverEnvironment }, clock);
  }

  protected version(): string {
    return tensorflowVersion();
  }

  protected findDevices(): Promise<EngineDevices> {
    return findTensorflowDevices({ ...this.options, directory: this.arena.directory });
  }

  /** The backend: the same device computes differently in each. */
  protected override providerOf({ placement }: EngineDevice): string {
    return placement.provider;
  }
}
