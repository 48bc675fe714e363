import { Injectable, Logger } from '@nestjs/common';
import type { Device } from '../inference/device.js';
import type { DeviceChange, InferenceRuntime, LoadedModel } from '../inference/inference-runtime.js';
import type { ModelVersion } from '../inference/model-version.js';
import { ModelStore } from '../inference/models/model-catalog.js';
import { RuntimeRegistry } from '../inference/runtimes/runtime-registry.js';
import { DevicePlace, type ResidencyStatus } from './device-place.js';
import type { SchedulerEvent, SeedProfile } from './fairfit/events.js';
import { expectedLoadMs, memoryOf, modelsFromStart } from './model-memory.js';
import { SchedulerSettings } from './scheduler-settings.js';

/** A model that failed everywhere is refused after this many rounds of loading; before, its items wait. */
const ROUNDS_BEFORE_REFUSAL = 3;
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** A device and what is on it; plain data. */
export interface DeviceStatus {
  readonly id: string;
  readonly kind: Device['kind'];
  readonly type: string;
  readonly runtime: string;
  /** Memory for models; null = it holds all of them. */
  readonly memoryBytes: number | null;
  readonly models: readonly ResidencyStatus[];
}

/** What a batch needs to run. */
export interface Residence {
  readonly runtime: InferenceRuntime;
  readonly loaded: LoadedModel;
}

/**
 * The devices of this worker: finds them, makes models resident and warm on each, and tells the scheduler. A device without
 * a memory budget holds every model that the store lists; on one with a budget the scheduler's core asks for loads and
 * evictions after the start.
 */
@Injectable()
export class DevicePool {
  private readonly log = new Logger(DevicePool.name);
  private readonly places = new Map<string, DevicePlace>();
  private report: (event: SchedulerEvent) => void = () => undefined;
  private retry: NodeJS.Timeout | undefined;
  private isStopped = false;
  private rounds = 0;
  private round: Promise<void> = Promise.resolve();
  /** Models that the core may load on devices with a budget: they serve, resident or not. */
  private readonly offered = new Set<string>();
  /** Loads in a row that failed, by model version. */
  private readonly failures = new Map<string, number>();
  /** Warm-up results by device class and model version: a model that comes back needs no second warm-up. */
  private readonly warmUps = new Map<string, readonly SeedProfile[]>();

  constructor(
    private readonly runtimes: RuntimeRegistry,
    private readonly models: ModelStore,
    private readonly settings: SchedulerSettings,
  ) {}

  /** Resolves when every model was tried once on every device. Never rejects; what failed is tried again later. */
  async start(report: (event: SchedulerEvent) => void): Promise<void> {
    this.report = report;
    await this.discover();
    this.models.onChange(() => void this.follow());
    await this.follow();
  }

  /** Loads a model that the core asked for and reports how it ended. Never rejects. */
  async load(deviceId: string, modelVersionId: string): Promise<void> {
    const place = this.places.get(deviceId);
    const model = this.model(modelVersionId);
    if (!place || !model) {
      const why = place ? 'this worker does not know the model' : 'the device is gone';
      this.report({ type: 'loadFailed', device: deviceId, modelVersionId, why });
      return;
    }
    const why = await this.loadOnto(place, model);
    if (why === null) return;
    this.report({ type: 'loadFailed', device: deviceId, modelVersionId, why });
    this.refuseAfterFailures(model, why);
  }

  /** Gives the memory of a copy back, as the core asked, and reports it. Never rejects. */
  async unload(deviceId: string, modelVersionId: string): Promise<void> {
    const place = this.places.get(deviceId);
    const loaded = place?.loaded.get(modelVersionId);
    if (place && loaded) {
      const status = place.models.get(modelVersionId);
      place.loaded.delete(modelVersionId);
      place.profiles.delete(modelVersionId);
      if (status) place.models.set(modelVersionId, { ...status, state: 'unloading' });
      this.tellResidents();
      await this.giveBack(place, loaded);
      place.models.delete(modelVersionId);
    }
    this.report({ type: 'unloaded', device: deviceId, modelVersionId });
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
    const runtime = loaded && place?.runtimeOf(loaded.modelVersion);
    return runtime && { runtime, loaded };
  }

  /** A plain copy for status pages. */
  devices(): readonly DeviceStatus[] {
    return [...this.places.values()].map(({ device, runtimes, memoryBytes, models }) => ({
      id: device.id,
      kind: device.kind,
      type: device.type,
      runtime: runtimes[0]?.name ?? '',
      memoryBytes,
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
    const memoryBytes = device.kind === 'remote' ? null : this.settings.deviceMemoryBytes;
    const place = new DevicePlace(device, runtime, memoryBytes);
    this.places.set(device.id, place);
    this.report(place.up());
  }

  /** A device of a running worker came or went; what it still holds is told again, what it lacks is loaded. */
  private onChange({ device, isUp, why }: DeviceChange, runtime: InferenceRuntime): void {
    const place = this.places.get(device.id);
    if (this.isStopped || place?.isUp === isUp || (!place && !isUp)) return;
    this.log.warn(isUp ? `${device.id} is up` : `${device.id} is down: ${why ?? 'it does not answer'}`);
    if (!isUp && place) {
      place.isUp = false;
      this.tellResidents();
      this.report({ type: 'deviceDown', device: device.id });
      return;
    }
    if (place) {
      place.isUp = true;
      this.report(place.up());
      for (const loaded of place.loaded.values()) this.tell(place, loaded);
    } else this.addPlace(device, runtime);
    this.tellResidents();
    void this.nextRound();
  }

  private tell(place: DevicePlace, loaded: LoadedModel): void {
    this.report(place.told(loaded, this.mustStay(loaded.modelVersion, place)));
  }

  /** Makes resident what the store lists, then lets go of what it lists no more. */
  private follow(): Promise<void> {
    this.rounds = 0;
    return this.nextRound();
  }

  /** Rounds never overlap. */
  private nextRound(): Promise<void> {
    clearTimeout(this.retry);
    this.round = this.round.then(() => this.loadMissing());
    return this.round;
  }

  /** One round: devices side by side, the models of one device in turn. */
  private async loadMissing(): Promise<void> {
    if (this.isStopped) return;
    this.rounds += 1;
    await Promise.all([...this.places.values()].map((place) => this.loadPlace(place)));
    if (this.isStopped) return;
    await this.unloadUnlisted();
    for (const model of this.models.list()) if (!this.offered.has(model.id)) this.offer(model);
    this.refuseHomeless();
    if (!this.hasMissing()) return;
    const delayMs = Math.min(MAX_RETRY_MS, MIN_RETRY_MS * 2 ** (this.rounds - 1));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => void this.nextRound(), delayMs).unref();
  }

  /** Whoever runs a model keeps it listed, so nothing runs on what is unloaded here. */
  private async unloadUnlisted(): Promise<void> {
    const listed = new Set(this.models.list().map(({ id }) => id));
    for (const id of this.offered) if (!listed.has(id)) this.offered.delete(id);
    for (const place of this.places.values()) {
      for (const id of place.models.keys()) if (!listed.has(id) && !place.loaded.has(id)) place.models.delete(id);
      const gone = [...place.loaded.values()].filter(({ modelVersion }) => !listed.has(modelVersion.id));
      for (const loaded of gone) await this.drop(place, loaded);
    }
  }

  /** The scheduler learns of it first, and counts nothing as resident on a device that is away. */
  private async drop(place: DevicePlace, loaded: LoadedModel): Promise<void> {
    const { id } = loaded.modelVersion;
    for (const known of [place.loaded, place.models, place.profiles]) known.delete(id);
    this.tellResidents();
    if (place.isUp) this.report({ type: 'unloaded', device: place.device.id, modelVersionId: id });
    await this.giveBack(place, loaded);
  }

  private async giveBack(place: DevicePlace, loaded: LoadedModel): Promise<void> {
    const { name, version } = loaded.modelVersion;
    try {
      await place.runtimeOf(loaded.modelVersion)?.unload(loaded);
      this.log.log(`${place.device.id} has let go of ${name} ${version}`);
    } catch (error) {
      // The engine is gone, and the memory with it; what still holds it was killed.
      this.log.warn(`${place.device.id} cannot unload ${name} ${version}: ${(error as Error).message}`);
    }
  }

  private tellResidents(): void {
    const up = [...this.places.values()].filter(({ isUp }) => isUp);
    this.models.setResident(new Set([...this.offered, ...up.flatMap(({ loaded }) => [...loaded.keys()])]));
  }

  private async loadPlace(place: DevicePlace): Promise<void> {
    const isCores = place.memoryBytes !== null && this.offered.size > 0; // the core decides after the start
    if (isCores) return;
    const models = modelsFromStart(this.modelsOf(place), place.memoryBytes, (model) => this.mustStay(model, place));
    for (const model of models) {
      if (this.isStopped || !place.isUp) return;
      if (!place.loaded.has(model.id)) await this.loadOnto(place, model);
    }
  }

  /** @returns why the load failed; null = it is resident, and the scheduler knows */
  private async loadOnto(place: DevicePlace, model: ModelVersion): Promise<string | null> {
    const { device } = place;
    const runtime = place.runtimeOf(model);
    if (!runtime) return `no runtime ${model.runtime} computes on it`;
    const status = { modelVersionId: model.id, name: model.name, version: model.version };
    place.models.set(model.id, { ...status, state: 'loading', why: null, loadMs: null });
    try {
      const loaded = await runtime.load(model, device);
      place.profiles.set(model.id, await this.warmUp(place, runtime, loaded));
      place.loaded.set(model.id, loaded);
      place.models.set(model.id, { ...status, state: 'resident', why: null, loadMs: loaded.loadMs });
      this.failures.delete(model.id);
      this.tellResidents();
      if (place.isUp) this.tell(place, loaded); // a device that went meanwhile tells when it is back
      return null;
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      place.models.set(model.id, { ...status, state: 'failed', why, loadMs: null });
      this.failures.set(model.id, (this.failures.get(model.id) ?? 0) + 1);
      if (!this.isStopped) this.log.warn(`${device.id} cannot load ${model.name} ${model.version}: ${why}`);
      return why;
    }
  }

  private async warmUp(
    { deviceClass, memoryBytes }: DevicePlace,
    runtime: InferenceRuntime,
    loaded: LoadedModel,
  ): Promise<readonly SeedProfile[]> {
    const key = `${deviceClass} ${loaded.modelVersion.id}`;
    const known = this.warmUps.get(key);
    if (known) return known;
    const profiles = await runtime.warmUp(loaded).catch(async (error: unknown) => {
      // It is resident all the same, and nobody would ever ask for its memory.
      if (memoryBytes !== null) await runtime.unload(loaded);
      throw error;
    });
    if (memoryBytes !== null) this.warmUps.set(key, profiles);
    return profiles;
  }

  /** Never evicted from this device: pinned, or one of its least number of copies. */
  private mustStay(model: ModelVersion, place: DevicePlace): boolean {
    const { pinned = false, minCopies = 0 } = model.residency ?? {};
    return pinned || this.placesOf(model).indexOf(place) < minCopies;
  }

  /** Tells the core of a model that it may load on devices with a budget. */
  private offer(model: ModelVersion): void {
    const places = this.placesOf(model).filter(({ memoryBytes }) => memoryBytes !== null);
    if (this.isStopped || places.length === 0) return;
    this.offered.add(model.id);
    this.tellResidents();
    this.report({
      type: 'model',
      model: {
        modelVersionId: model.id,
        sizeBytes: memoryOf(model),
        loadMs: expectedLoadMs(model),
        pinned: model.residency?.pinned ?? false,
        devices: places.map(({ device }) => device.id),
        ...(model.residency?.maxCopies ? { maxCopies: model.residency.maxCopies } : {}),
      },
    });
  }

  /** Items of a model that fails again and again must not wait for ever; after a pause it may be tried once more. */
  private refuseAfterFailures(model: ModelVersion, why: string): void {
    if ((this.failures.get(model.id) ?? 0) < ROUNDS_BEFORE_REFUSAL) return;
    if ([...this.places.values()].some((place) => place.loaded.has(model.id))) return;
    this.report({ type: 'unavailable', modelVersionId: model.id, why: `${model.name} cannot run: ${why}` });
    setTimeout(() => this.offer(model), MAX_RETRY_MS).unref();
  }

  private placesOf(model: ModelVersion): readonly DevicePlace[] {
    return [...this.places.values()].filter((place) => place.runtimeOf(model));
  }

  private modelsOf(place: DevicePlace): readonly ModelVersion[] {
    return this.models.list().filter((model) => place.runtimeOf(model));
  }

  private hasMissing(): boolean {
    const all = [...this.places.values()].filter(({ isUp, memoryBytes }) => isUp && memoryBytes === null);
    return all.some((place) => this.modelsOf(place).some((m) => !place.loaded.has(m.id)));
  }

  /**
   * Tells the scheduler which models live nowhere, so that their items do not wait for ever: at once when no device can
   * hold the model, after some rounds when loading failed.
   */
  private refuseHomeless(): void {
    for (const model of this.models.list()) {
      const places = this.placesOf(model);
      if (places.some((place) => place.loaded.has(model.id) || place.memoryBytes !== null)) continue;
      if (places.length > 0 && this.rounds < ROUNDS_BEFORE_REFUSAL) continue;
      const failure = places.map((place) => place.models.get(model.id)?.why).find((why) => why);
      const why = failure ?? `no device of the runtime ${model.runtime} was found on this machine`;
      this.report({ type: 'unavailable', modelVersionId: model.id, why: `${model.name} cannot run: ${why}` });
    }
  }
}
