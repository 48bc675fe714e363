import type { Device } from '../device.js';
import type { LoadedModel } from '../inference-runtime.js';
import type { ModelVersion } from '../model-version.js';

/** The loaded models of a runtime: each is loaded once per device, also when asked for twice at the same time. */
export class LoadedModels {
  /** By device and model version. */
  private readonly loads = new Map<string, Promise<LoadedModel>>();

  /** The loaded model; `load` makes it when there is none. A load that fails is forgotten. */
  get(modelVersion: ModelVersion, device: Device, load: () => Promise<void>): Promise<LoadedModel> {
    const key = keyOf(modelVersion, device);
    const known = this.loads.get(key);
    if (known) return known;
    const loading = timed(modelVersion, device, load);
    this.loads.set(key, loading);
    loading.catch(() => this.loads.delete(key));
    return loading;
  }

  /** False when it was not there. */
  delete({ modelVersion, device }: LoadedModel): boolean {
    return this.loads.delete(keyOf(modelVersion, device));
  }
}

async function timed(modelVersion: ModelVersion, device: Device, load: () => Promise<void>): Promise<LoadedModel> {
  const started = performance.now();
  await load();
  return { modelVersion, device, loadMs: performance.now() - started };
}

function keyOf(modelVersion: ModelVersion, device: Device): string {
  return `${device.id} ${modelVersion.id}`;
}
