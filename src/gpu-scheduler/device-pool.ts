import { Injectable, Logger } from '@nestjs/common';
import type { Device } from '../inference/device.js';
import type { BatchProfile, DeviceChange, InferenceRuntime, LoadedModel } from '../inference/inference-runtime.js';
import type { ModelVersion } from '../inference/model-version.js';
import { ModelStore } from '../inference/models/model-catalog.js';
import { RuntimeRegistry } from '../inference/runtimes/runtime-registry.js';
import type { SchedulerEvent } from './fairfit/events.js';

/** Where a free device stands when several could run the same lane: the faster kind first. */
const RANK: Readonly<Record<Device['kind'], number>> = { cuda: 0, webgpu: 1, remote: 2, cpu: 3 };
/** A model that failed everywhere is refused after this many rounds of loading; before, its items wait. */
const ROUNDS_BEFORE_REFUSAL = 3;
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** A model on a device, as the status page shows it. */
export interface ResidencyStatus {
  readonly modelVersionId: string;
  readonly name: string;
  readonly version: string;
  readonly state: 'loading' | 'resident' | 'failed';
  /** Set with `failed`. */
  readonly why: string | null;
  readonly loadMs: number | null;
}

/** A device and what is on it; plain data. */
export interface DeviceStatus {
  readonly id: string;
  readonly kind: Device['kind'];
  readonly type: string;
  readonly runtime: string;
  readonly models: readonly ResidencyStatus[];
}

interface Place {
  readonly device: Device;
  /** Every runtime that computes on this device; the first gives it its class. */
  readonly runtimes: InferenceRuntime[];
  readonly models: Map<string, ResidencyStatus>;
  readonly loaded: Map<string, LoadedModel>;
  /** Of the models in `loaded`: told again when the device comes back. */
  readonly profiles: Map<string, readonly BatchProfile[]>;
  isUp: boolean;
}

/** What a batch needs to run. */
export interface Residence {
  readonly runtime: InferenceRuntime;
  readonly loaded: LoadedModel;
}

/** The devices of this worker: finds them, makes every model resident and warm on each, and tells the scheduler. */
@Injectable()
export class DevicePool {
  private readonly log = new Logger(DevicePool.name);
  private readonly places = new Map<string, Place>();
  private report: (event: SchedulerEvent) => void = () => undefined;
  private retry: NodeJS.Timeout | undefined;
  private isStopped = false;
  private rounds = 0;

  constructor(
    private readonly runtimes: RuntimeRegistry,
    private readonly models: ModelStore,
  ) {}

  /** Resolves when every model was tried once on every device. Never rejects; what failed is tried again later. */
  async start(report: (event: SchedulerEvent) => void): Promise<void> {
    this.report = report;
    await this.discover();
    await this.loadMissing();
  }

  /** No further loads. One that is under way ends with its runtime. */
  stop(): void {
    this.isStopped = true;
    clearTimeout(this.retry);
  }

  /** The model version of this id; undefined when it is not known. */
  model(modelVersionId: string): ModelVersion | undefined {
    return this.models.list().find((model) => model.id === modelVersionId);
  }

  /** Where a batch for the model runs on the device; undefined when it is not resident there. */
  residence(deviceId: string, modelVersionId: string): Residence | undefined {
    const place = this.places.get(deviceId);
    const loaded = place?.loaded.get(modelVersionId);
    const runtime = place && loaded && runtimeOf(place, loaded.modelVersion);
    return runtime && { runtime, loaded };
  }

  /** A plain copy for status pages. */
  devices(): readonly DeviceStatus[] {
    return [...this.places.values()].map(({ device, runtimes, models }) => ({
      id: device.id,
      kind: device.kind,
      type: device.type,
      runtime: runtimes[0]?.name ?? '',
      models: [...models.values()],
    }));
  }

  private async discover(): Promise<void> {
    for (const runtime of this.runtimes.all()) {
      try {
        const { devices, unavailable } = await runtime.describe();
        for (const { what, why } of unavailable) this.log.log(`${runtime.name}: ${what} is not used: ${why}`);
        for (const device of devices) this.addPlace(device, runtime);
        runtime.watch((change) => this.onChange(change, runtime));
      } catch (error) {
        this.log.error(`${runtime.name} cannot tell its devices: ${(error as Error).message}`);
      }
    }
  }

  /** A device is one serial executor, shared by all runtimes that announce it: its time is what is given out. */
  private addPlace(device: Device, runtime: InferenceRuntime): void {
    const known = this.places.get(device.id);
    if (known) {
      known.runtimes.push(runtime);
      return;
    }
    const residents = { models: new Map(), loaded: new Map(), profiles: new Map() };
    this.places.set(device.id, { device, runtimes: [runtime], ...residents, isUp: true });
    this.reportUp(device, runtime);
  }

  private reportUp(device: Device, runtime: InferenceRuntime): void {
    // Devices of one make run alike: they share what the scheduler learns of costs.
    const deviceClass = `${runtime.name}/${device.kind}/${device.type}`;
    this.report({ type: 'deviceUp', device: device.id, rank: RANK[device.kind], deviceClass });
  }

  /** A device of a running worker came or went; what it still holds is told again, what it lacks is loaded. */
  private onChange({ device, isUp, why }: DeviceChange, runtime: InferenceRuntime): void {
    const place = this.places.get(device.id);
    if (this.isStopped || place?.isUp === isUp || (!place && !isUp)) return;
    this.log.warn(isUp ? `${device.id} is up` : `${device.id} is down: ${why ?? 'it does not answer'}`);
    if (!isUp && place) {
      place.isUp = false;
      this.report({ type: 'deviceDown', device: device.id });
      return;
    }
    if (place) {
      place.isUp = true;
      this.reportUp(device, runtime);
      for (const [modelVersionId, profiles] of place.profiles) {
        this.report({ type: 'loaded', device: device.id, modelVersionId, profiles });
      }
    } else this.addPlace(device, runtime);
    clearTimeout(this.retry);
    void this.loadMissing();
  }

  /** One round: devices side by side, the models of one device in turn. */
  private async loadMissing(): Promise<void> {
    this.rounds += 1;
    await Promise.all([...this.places.values()].map((place) => this.loadPlace(place)));
    if (this.isStopped) return;
    this.refuseHomeless();
    if (!this.hasMissing()) return;
    const delayMs = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** (this.rounds - 1));
    this.retry = setTimeout(() => void this.loadMissing(), delayMs).unref();
  }

  private async loadPlace(place: Place): Promise<void> {
    for (const model of this.modelsOf(place)) {
      if (this.isStopped || !place.isUp) return;
      if (!place.loaded.has(model.id)) await this.load(place, model);
    }
  }

  private async load(place: Place, model: ModelVersion): Promise<void> {
    const { device } = place;
    const runtime = runtimeOf(place, model);
    if (!runtime) return;
    const status = { modelVersionId: model.id, name: model.name, version: model.version };
    place.models.set(model.id, { ...status, state: 'loading', why: null, loadMs: null });
    try {
      const loaded = await runtime.load(model, device);
      const profiles = await runtime.warmUp(loaded);
      place.loaded.set(model.id, loaded);
      place.profiles.set(model.id, profiles);
      place.models.set(model.id, { ...status, state: 'resident', why: null, loadMs: loaded.loadMs });
      // A device that went meanwhile tells when it is back.
      if (place.isUp) this.report({ type: 'loaded', device: device.id, modelVersionId: model.id, profiles });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      place.models.set(model.id, { ...status, state: 'failed', why, loadMs: null });
      if (!this.isStopped) this.log.warn(`${device.id} cannot load ${model.name} ${model.version}: ${why}`);
    }
  }

  private modelsOf(place: Place): readonly ModelVersion[] {
    return this.models.list().filter((model) => runtimeOf(place, model));
  }

  private hasMissing(): boolean {
    const up = [...this.places.values()].filter(({ isUp }) => isUp);
    return up.some((place) => this.modelsOf(place).some((m) => !place.loaded.has(m.id)));
  }

  /**
   * Tells the scheduler which models live nowhere, so that their items do not wait for ever: at once when no device can
   * hold the model, after some rounds when loading failed.
   */
  private refuseHomeless(): void {
    for (const model of this.models.list()) {
      const places = [...this.places.values()].filter((place) => runtimeOf(place, model));
      if (places.some((place) => place.loaded.has(model.id))) continue;
      if (places.length > 0 && this.rounds < ROUNDS_BEFORE_REFUSAL) continue;
      const failure = places.map((place) => place.models.get(model.id)?.why).find((why) => why);
      const why = failure ?? `no device of the runtime ${model.runtime} was found on this machine`;
      this.report({ type: 'unavailable', modelVersionId: model.id, why: `${model.name} cannot run: ${why}` });
    }
  }
}

function runtimeOf({ runtimes }: Place, model: ModelVersion): InferenceRuntime | undefined {
  return runtimes.find(({ name }) => name === model.runtime);
}
