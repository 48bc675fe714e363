import type { Device } from '../../src/inference/device.js';
import {
  type BatchProfile,
  type DeviceChange,
  type InferenceBatch,
  type InferenceBatchResult,
  InferenceRuntime,
  type LoadedModel,
  type RuntimeDescription,
} from '../../src/inference/inference-runtime.js';
import type { ModelVersion } from '../../src/inference/model-version.js';

/** A run that waits for the test to decide how it ends. */
export interface HeldRun {
  readonly batch: InferenceBatch;
  answer(deviceMs?: number): void;
  fail(error: Error): void;
  /** Answers with too few outputs. */
  answerWrong(): void;
}

/**
 * A runtime for faults only: every run is held until the test ends it, so a test can crash, hang or spoil it. The
 * output `refs` of an item is the position of the item in its batch.
 */
export class FakeRuntime extends InferenceRuntime {
  /** Runs that have not ended, oldest first. */
  readonly held: HeldRun[] = [];
  readonly batches: InferenceBatch[] = [];
  /** Names of models whose load fails. */
  readonly broken = new Set<string>();
  /** Runs answer by themselves, in a later microtask. */
  isAutomatic = false;
  isClosed = false;
  loads = 0;
  unloads = 0;
  /** Tells the watcher that a device came or went. */
  change: (change: DeviceChange) => void = () => undefined;
  /** Loads wait for this promise. */
  gate: Promise<void> = Promise.resolve();

  constructor(
    private readonly devices: readonly Device[] = [CPU],
    readonly name: InferenceRuntime['name'] = 'onnx',
  ) {
    super();
  }

  async describe(): Promise<RuntimeDescription> {
    return { runtime: this.name, version: 'fake', devices: this.devices, unavailable: [] };
  }

  async load(modelVersion: ModelVersion, device: Device): Promise<LoadedModel> {
    this.loads += 1;
    await this.gate;
    if (this.broken.has(modelVersion.name)) throw new Error('the file is not a model');
    return { modelVersion, device, loadMs: 7 };
  }

  async warmUp(): Promise<readonly BatchProfile[]> {
    return [{ shapeBucket: 'default', a: 1, c: 5, samples: [1, 2, 4, 8].map((size) => ({ size, ms: size + 5 })) }];
  }

  run(batch: InferenceBatch): Promise<InferenceBatchResult> {
    this.batches.push(batch);
    const { promise, resolve, reject } = Promise.withResolvers<InferenceBatchResult>();
    const end = (settle: () => void): void => {
      this.held.splice(this.held.indexOf(run), 1);
      settle();
    };
    const run: HeldRun = {
      batch,
      answer: (deviceMs = 10) => end(() => resolve(resultOf(batch, batch.items.length, deviceMs))),
      answerWrong: () => end(() => resolve(resultOf(batch, batch.items.length - 1, 10))),
      fail: (error) => end(() => reject(error)),
    };
    this.held.push(run);
    if (this.isAutomatic) queueMicrotask(() => run.answer());
    return promise;
  }

  async unload(): Promise<void> {
    this.unloads += 1;
  }

  override watch(report: (change: DeviceChange) => void): void {
    this.change = report;
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}

export const CPU: Device = { id: 'cpu:0', kind: 'cpu', type: 'CPU' };

function resultOf(batch: InferenceBatch, outputs: number, deviceMs: number): InferenceBatchResult {
  return {
    outputs: Array.from({ length: outputs }, (_, i) => ({
      position: { type: 'int32', dims: [1], data: Int32Array.of(i) },
    })),
    deviceMs,
    device: batch.model.device,
    provider: 'fake',
  };
}

/** A model version of up to 8 rows a batch. */
export function fakeModel(name: string, serial = 1): ModelVersion {
  return {
    id: `01940000-0000-7000-8000-00000000000${serial}`,
    name,
    version: '1.0.0',
    digest: `sha256:${String(serial).repeat(64)}`,
    tenantId: null,
    runtime: 'onnx',
    file: `/nowhere/${name}.onnx`,
    sizeBytes: 1,
    inputs: [],
    outputs: [],
    maxBatchSize: 8,
    buckets: null,
  };
}
