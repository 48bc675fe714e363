import type { ModelVersion } from '../inference/model-version.js';

/** A session with its buffers, as far as nobody measured it: 1.3 times the file for repacked weights, and room for activations. */
const FILE_FACTOR = 1.3;
const ACTIVATION_BYTES = 64 * 2 ** 20;
/** A guess for the first load: reading and repacking weights at 200 MB a second, and 50 ms of graph work. */
const LOAD_BYTES_PER_MS = 200_000;
const LEAST_LOAD_MS = 50;

/** Device memory that one resident copy is reckoned with: its measured high-water, else an estimate from its file. */
export function memoryOf({ sizeBytes, peakBytes }: ModelVersion): number {
  return Math.ceil(peakBytes ?? FILE_FACTOR * sizeBytes + ACTIVATION_BYTES);
}

/** How long a first load may take, ms. */
export function expectedLoadMs({ sizeBytes }: ModelVersion): number {
  return LEAST_LOAD_MS + sizeBytes / LOAD_BYTES_PER_MS;
}

/**
 * The models that a device has from the start: all when they fit; else those that must stay, then as many as there is
 * room for, in order.
 * @param memoryBytes budget of the device; null = it has none
 * @param mustStay true for a model that is never evicted from this device
 */
export function modelsFromStart(
  models: readonly ModelVersion[],
  memoryBytes: number | null,
  mustStay: (model: ModelVersion) => boolean,
): readonly ModelVersion[] {
  if (memoryBytes === null) return models;
  let leftBytes = memoryBytes;
  const first = [...models.filter(mustStay), ...models.filter((model) => !mustStay(model))];
  return first.filter((model) => {
    const bytes = memoryOf(model);
    if (bytes > leftBytes) return false;
    leftBytes -= bytes;
    return true;
  });
}
