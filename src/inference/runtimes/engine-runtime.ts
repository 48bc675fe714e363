import type { Clock } from '../../common/clock.js';
import type { TensorArena } from '../arena/tensor-arena.js';
import type { Device } from '../device.js';
import type { Placement } from '../engine/engine-operations.js';
import type { EngineProgram } from '../engine/engine-program.js';
import { EngineSlot } from '../engine/engine-slot.js';
import { StrikeLog } from '../engine/strike-log.js';
import {
  type BatchProfile,
  type InferenceBatch,
  type InferenceBatchResult,
  InferenceRuntime,
  type LoadedModel,
  type RuntimeDescription,
} from '../inference-runtime.js';
import { InvalidInferenceError } from '../inference.errors.js';
import type { ModelVersion } from '../model-version.js';
import { LoadedModels } from './loaded-models.js';
import { batchFeeds } from './onnx/batch-feeds.js';
import { batchOutputs } from './onnx/batch-outputs.js';
import { checkSignature } from './signature-check.js';
import { profileModel } from './warm-up.js';

/** The first runs of a shape may compile shaders. */
const WARM_UP_LIMIT_MS = 60_000;

/** A device and how an engine uses it. */
export interface EngineDevice {
  readonly device: Device;
  readonly placement: Placement;
}

/** The devices of a runtime on this machine and, for each one that is missing, why. */
export interface EngineDevices {
  readonly found: readonly EngineDevice[];
  readonly unavailable: RuntimeDescription['unavailable'];
}

/** What the engines of a runtime need beyond their device. */
export interface EngineRuntimeOptions {
  readonly program: EngineProgram;
  /** Variables of the GPU drivers. */
  readonly driverEnvironment: Readonly<Record<string, string>>;
}

/** Executes models in engine processes, one per device; the worker itself never loads native inference code. */
export abstract class EngineRuntime extends InferenceRuntime {
  private readonly engines = new Map<string, EngineSlot>();
  private readonly loaded = new LoadedModels();
  /** Output bytes of one row in the last run, by model version and row shapes; sizes the room for the next answer. */
  private readonly outputRowBytes = new Map<string, number>();
  private readonly strikes: StrikeLog;
  private search: Promise<EngineDevices> | null = null;

  constructor(
    protected readonly arena: TensorArena,
    private readonly engineOptions: EngineRuntimeOptions,
    clock: Clock,
  ) {
    super();
    this.strikes = new StrikeLog(clock);
  }

  /** Version of the library; files are read, nothing native is loaded. */
  protected abstract version(): string;

  /** Never throws. */
  protected abstract findDevices(): Promise<EngineDevices>;

  /** What a receipt names as the provider; default: the kind of the device. */
  protected providerOf({ device }: EngineDevice): string {
    return device.kind;
  }

  async describe(): Promise<RuntimeDescription> {
    const { found, unavailable } = await this.devices();
    return { runtime: this.name, version: this.version(), devices: found.map(({ device }) => device), unavailable };
  }

  async load(modelVersion: ModelVersion, device: Device): Promise<LoadedModel> {
    const { engine } = await this.engineOf(device);
    return this.loaded.get(modelVersion, device, async () => {
      const reported = await engine.load(modelVersion);
      try {
        checkSignature(modelVersion, reported);
      } catch (error) {
        await engine.unload(modelVersion);
        throw error;
      }
    });
  }

  warmUp(model: LoadedModel): Promise<readonly BatchProfile[]> {
    return profileModel(model.modelVersion, this.arena, async (inputs, rows) => {
      const items = [{ ref: String(rows), inputs }];
      await this.run({ id: 'warm-up', model, items, deadlineMs: WARM_UP_LIMIT_MS });
    });
  }

  async run({ model: { modelVersion, device }, items, deadlineMs }: InferenceBatch): Promise<InferenceBatchResult> {
    const { engine, provider } = await this.engineOf(device);
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
      return { outputs: split, deviceMs: ms, device, provider };
    } finally {
      if (room) this.arena.free(room);
    }
  }

  async unload(model: LoadedModel): Promise<void> {
    if (!this.loaded.delete(model)) return;
    const { engine } = await this.engineOf(model.device);
    await engine.unload(model.modelVersion);
  }

  async close(): Promise<void> {
    await this.search;
    await Promise.all([...this.engines.values()].map((engine) => engine.stop()));
  }

  /** Process ids of the living engines, by device id. */
  enginePids(): ReadonlyMap<string, number> {
    return new Map([...this.engines].flatMap(([id, engine]) => (engine.pid === null ? [] : [[id, engine.pid]])));
  }

  private devices(): Promise<EngineDevices> {
    this.search ??= this.findDevices();
    return this.search;
  }

  private async engineOf(device: Device): Promise<{ readonly engine: EngineSlot; readonly provider: string }> {
    const { found } = await this.devices();
    const match = found.find((candidate) => candidate.device.id === device.id);
    if (!match) throw new InvalidInferenceError(`there is no device ${device.id} here; describe() lists the devices`);
    const { arena, strikes } = this;
    const engine = this.engines.get(device.id) ?? new EngineSlot({ ...match, ...this.engineOptions, arena, strikes });
    this.engines.set(device.id, engine);
    return { engine, provider: this.providerOf(match) };
  }
}

function rowBytesOf(outputs: InferenceBatchResult['outputs'][number], rows: number): number {
  return Object.values(outputs).reduce((sum, { data }) => sum + data.byteLength / rows, 0);
}
