import type { Device } from './device.js';
import type { ModelVersion } from './model-version.js';
import type { OutputMap, TensorMap } from './tensor.js';

/** What a runtime found on this machine and, for each thing that is missing, why. */
export interface RuntimeDescription {
  readonly runtime: string;
  readonly version: string;
  readonly devices: readonly Device[];
  readonly unavailable: readonly { readonly what: string; readonly why: string }[];
}

/** A model that is resident on one device. */
export interface LoadedModel {
  readonly modelVersion: ModelVersion;
  readonly device: Device;
  readonly loadMs: number;
}

/** Measured cost of a model on a device: L(b) = a*b + c, in ms, b in rows; per shape bucket. */
export interface BatchProfile {
  readonly shapeBucket: string;
  readonly a: number;
  readonly c: number;
  readonly samples: readonly { readonly size: number; readonly ms: number }[];
}

/** One item of an inference batch: its own rows, in order. */
export interface InferenceBatchItem {
  /** Opaque to the runtime; results come back under it, in the same order. */
  readonly ref: string;
  readonly inputs: TensorMap;
}

/** What the scheduler sends to a device in one run. All items share the model and the row shapes. */
export interface InferenceBatch {
  /** uuid; public form `ib_...`. */
  readonly id: string;
  readonly model: LoadedModel;
  readonly items: readonly InferenceBatchItem[];
  /** Limit of the run in ms, counted from the moment it is at the head of its engine. */
  readonly deadlineMs: number;
}

/** Outputs already split per item, in the order of the items, with the facts of the receipt. */
export interface InferenceBatchResult {
  readonly outputs: readonly OutputMap[];
  /** Time inside the runtime, ms. */
  readonly deviceMs: number;
  readonly device: Device;
  readonly provider: string;
}

/** A device that came, or that went while it was in use. */
export interface DeviceChange {
  readonly device: Device;
  readonly isUp: boolean;
  /** With `isUp` false: why. */
  readonly why: string | null;
}

/**
 * The port behind which every way of executing a model lies. Adapters: onnx, tensorflow, remote.
 * Errors: see inference.errors.ts. A wrong first axis or a non-finite output fails the whole batch.
 */
export abstract class InferenceRuntime {
  abstract readonly name: 'onnx' | 'tensorflow' | 'remote';
  /** Never throws. */
  abstract describe(): Promise<RuntimeDescription>;
  /** Calls back when a device comes or goes after `describe`. Engines replace themselves: by default nothing changes. */
  watch(_report: (change: DeviceChange) => void): void {}
  /** Makes the model resident on the device. Loading twice returns the same model. */
  abstract load(modelVersion: ModelVersion, device: Device): Promise<LoadedModel>;
  /** Runs the ladder of batch sizes 1..maxBatchSize for every shape bucket. */
  abstract warmUp(model: LoadedModel): Promise<readonly BatchProfile[]>;
  abstract run(batch: InferenceBatch): Promise<InferenceBatchResult>;
  abstract unload(model: LoadedModel): Promise<void>;
  /** Ends all engine processes. */
  abstract close(): Promise<void>;
}
