import type { Clock } from '../../../common/clock.js';
import type { TensorArena } from '../../arena/tensor-arena.js';
import type { Device } from '../../device.js';
import type { ReportedTensor } from '../../engine/engine-operations.js';
import { EngineSlot } from '../../engine/engine-slot.js';
import { StrikeLog } from '../../engine/strike-log.js';
import {
  type BatchProfile,
  type InferenceBatch,
  type InferenceBatchResult,
  InferenceRuntime,
  type LoadedModel,
  type RuntimeDescription,
} from '../../inference-runtime.js';
import { InvalidInferenceError } from '../../inference.errors.js';
import type { ModelVersion, TensorSignature } from '../../model-version.js';
import { profileModel } from '../warm-up.js';
import { batchFeeds } from './batch-feeds.js';
import { batchOutputs } from './batch-outputs.js';
import { type DeviceSearch, findOnnxDevices, type OnnxDevice } from './onnx-devices.js';
import { onnxVersion } from './onnx-package.js';

/** The first runs of a shape may compile shaders. */
const WARM_UP_LIMIT_MS = 60_000;

export type OnnxRuntimeOptions = Omit<DeviceSearch, 'directory'>;

/** Executes ONNX models in engine processes, one per device; the worker itself never loads native inference code. */
export class OnnxRuntime extends InferenceRuntime {
  readonly name = 'onnx';
  private readonly engines = new Map<string, EngineSlot>();
  /** By device and model version. */
  private readonly loaded = new Map<string, Promise<LoadedModel>>();
  /** Output bytes of one row in the last run, by model version and row shapes; sizes the room for the next answer. */
  private readonly outputRowBytes = new Map<string, number>();
  private readonly strikes: StrikeLog;
  private search: Promise<{ found: readonly OnnxDevice[]; unavailable: RuntimeDescription['unavailable'] }> | null =
    null;

  constructor(
    private readonly arena: TensorArena,
    private readonly options: OnnxRuntimeOptions,
    clock: Clock,
  ) {
    super();
    this.strikes = new StrikeLog(clock);
  }

  async describe(): Promise<RuntimeDescription> {
    const { found, unavailable } = await this.devices();
    return { runtime: this.name, version: onnxVersion(), devices: found.map(({ device }) => device), unavailable };
  }

  async load(modelVersion: ModelVersion, device: Device): Promise<LoadedModel> {
    const engine = await this.engineOf(device);
    const key = keyOf(modelVersion, device);
    const known = this.loaded.get(key);
    if (known) return known;
    const loading = loadInto(engine, modelVersion, device);
    this.loaded.set(key, loading);
    loading.catch(() => this.loaded.delete(key));
    return loading;
  }

  warmUp(model: LoadedModel): Promise<readonly BatchProfile[]> {
    return profileModel(model.modelVersion, this.arena, async (inputs, rows) => {
      const items = [{ ref: String(rows), inputs }];
      await this.run({ id: 'warm-up', model, items, deadlineMs: WARM_UP_LIMIT_MS });
    });
  }

  async run({ model: { modelVersion, device }, items, deadlineMs }: InferenceBatch): Promise<InferenceBatchResult> {
    const engine = await this.engineOf(device);
    const { feeds, itemRows, rows } = batchFeeds(modelVersion, items);
    const shapeKey = `${modelVersion.id} ${feeds.map(({ dims }) => dims.slice(1).join('x')).join(' ')}`;
    const room = this.arena.tryAllocate((this.outputRowBytes.get(shapeKey) ?? 0) * rows);
    try {
      const { ms, outputs } = await engine.run(modelVersion, { key: modelVersion.id, feeds, room }, deadlineMs);
      const split = batchOutputs(modelVersion, outputs, itemRows, (at, bytes) => {
        if (!room) throw new InvalidInferenceError('the engine answered into a room that it was not given');
        return this.arena.read(room, bytes, at);
      });
      this.outputRowBytes.set(shapeKey, rowBytesOf(split[0] ?? {}, itemRows[0] ?? 1));
      return { outputs: split, deviceMs: ms, device, provider: device.kind };
    } finally {
      if (room) this.arena.free(room);
    }
  }

  async unload({ modelVersion, device }: LoadedModel): Promise<void> {
    if (!this.loaded.delete(keyOf(modelVersion, device))) return;
    await (await this.engineOf(device)).unload(modelVersion);
  }

  async close(): Promise<void> {
    await this.search;
    await Promise.all([...this.engines.values()].map((engine) => engine.stop()));
  }

  /** Process ids of the living engines, by device id. */
  enginePids(): ReadonlyMap<string, number> {
    return new Map([...this.engines].flatMap(([id, engine]) => (engine.pid === null ? [] : [[id, engine.pid]])));
  }

  private devices(): NonNullable<typeof this.search> {
    this.search ??= findOnnxDevices({ ...this.options, directory: this.arena.directory });
    return this.search;
  }

  private async engineOf(device: Device): Promise<EngineSlot> {
    const known = this.engines.get(device.id);
    if (known) return known;
    const { found } = await this.devices();
    const match = found.find((candidate) => candidate.device.id === device.id);
    if (!match) throw new InvalidInferenceError(`there is no device ${device.id} here; describe() lists the devices`);
    const { arena, strikes } = this;
    const { driverEnvironment } = this.options;
    const engine = this.engines.get(device.id) ?? new EngineSlot({ ...match, arena, strikes, driverEnvironment });
    this.engines.set(device.id, engine);
    return engine;
  }
}

async function loadInto(engine: EngineSlot, modelVersion: ModelVersion, device: Device): Promise<LoadedModel> {
  const started = performance.now();
  const { inputs, outputs } = await engine.load(modelVersion);
  try {
    compare(modelVersion, modelVersion.inputs, inputs);
    compare(modelVersion, modelVersion.outputs, outputs);
  } catch (error) {
    await engine.unload(modelVersion);
    throw error;
  }
  return { modelVersion, device, loadMs: performance.now() - started };
}

/** The file must have exactly the tensors that the catalog names. Throws InvalidInferenceError. */
function compare(model: ModelVersion, expected: readonly TensorSignature[], actual: readonly ReportedTensor[]): void {
  const text = (tensors: readonly ReportedTensor[]) =>
    tensors
      .map(
        ({ name, type, shape }) =>
          `${name}: ${type} [${shape.map((d) => (typeof d === 'number' ? d : '*')).join(', ')}]`,
      )
      .sort()
      .join('; ');
  if (text(expected) === text(actual)) return;
  throw new InvalidInferenceError(
    `${model.name} ${model.version} does not have the tensors of its manifest: file ${text(actual)}, manifest ${text(expected)}`,
  );
}

function keyOf(modelVersion: ModelVersion, device: Device): string {
  return `${device.id} ${modelVersion.id}`;
}

function rowBytesOf(outputs: InferenceBatchResult['outputs'][number], rows: number): number {
  return Object.values(outputs).reduce((sum, { data }) => sum + data.byteLength / rows, 0);
}
