import type { Device } from '../inference/device.js';
import type { InferenceRuntime, LoadedModel } from '../inference/inference-runtime.js';
import type { ModelVersion } from '../inference/model-version.js';
import type { SchedulerEvent, SeedProfile } from './fairfit/events.js';
import { memoryOf } from './model-memory.js';

/** Where a free device stands when several could run the same lane: the faster kind first. */
const RANK: Readonly<Record<Device['kind'], number>> = { cuda: 0, webgpu: 1, remote: 2, cpu: 3 };

/** A model on a device, as the status page shows it. */
export interface ResidencyStatus {
  readonly modelVersionId: string;
  readonly name: string;
  readonly version: string;
  readonly state: 'loading' | 'resident' | 'unloading' | 'failed';
  /** Set with `failed`. */
  readonly why: string | null;
  readonly loadMs: number | null;
}

/** A device of this worker and what is on it. */
export class DevicePlace {
  /** Every runtime that computes on this device; the first gives it its class. */
  readonly runtimes: InferenceRuntime[];
  readonly models = new Map<string, ResidencyStatus>();
  readonly loaded = new Map<string, LoadedModel>();
  /** Of the models in `loaded`: told again when the device comes back. */
  readonly profiles = new Map<string, readonly SeedProfile[]>();
  isUp = true;

  /** @param memoryBytes memory for models; null = it holds all of them, and the scheduler's core does not ask for loads */
  constructor(
    readonly device: Device,
    runtime: InferenceRuntime,
    readonly memoryBytes: number | null,
  ) {
    this.runtimes = [runtime];
  }

  runtimeOf(model: ModelVersion): InferenceRuntime | undefined {
    return this.runtimes.find(({ name }) => name === model.runtime);
  }

  /** Devices of one make run alike: they share what the scheduler learns of costs. */
  get deviceClass(): string {
    return `${this.runtimes[0]?.name ?? ''}/${this.device.kind}/${this.device.type}`;
  }

  /** What the scheduler is told when the device comes. */
  up(): SchedulerEvent {
    const { device, deviceClass, memoryBytes } = this;
    const budget = memoryBytes === null ? {} : { memoryBytes };
    return { type: 'deviceUp', device: device.id, rank: RANK[device.kind], deviceClass, ...budget };
  }

  /** What it is told of a copy. @param isPinned it is never evicted from here */
  told({ modelVersion, loadMs }: LoadedModel, isPinned: boolean): SchedulerEvent {
    const { device, memoryBytes } = this;
    const profiles = this.profiles.get(modelVersion.id) ?? [];
    const budget = memoryBytes === null ? {} : { loadMs, sizeBytes: memoryOf(modelVersion), pinned: isPinned };
    return { type: 'loaded', device: device.id, modelVersionId: modelVersion.id, profiles, ...budget };
  }
}
