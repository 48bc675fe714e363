import type { Clock } from '../../../common/clock.js';
import type { TensorArena } from '../../arena/tensor-arena.js';
import { ONNX_ENGINE } from '../../engine/engine-program.js';
import { type EngineDevices, EngineRuntime } from '../engine-runtime.js';
import { type DeviceSearch, findOnnxDevices } from './onnx-devices.js';
import { onnxVersion } from './onnx-package.js';

export type OnnxRuntimeOptions = Omit<DeviceSearch, 'directory'>;

/** Executes ONNX models in engine processes, one per device. */
export class OnnxRuntime extends EngineRuntime {
  readonly name = 'onnx';

  constructor(
    arena: TensorArena,
    private readonly options: OnnxRuntimeOptions,
    clock: Clock,
  ) {
    super(arena, { program: ONNX_ENGINE, driverEnvironment: options.driverEnvironment }, clock);
  }

  protected version(): string {
    return onnxVersion();
  }

  protected findDevices(): Promise<EngineDevices> {
    return findOnnxDevices({ ...this.options, directory: this.arena.directory });
  }
}
