import { createRequire } from 'node:module';
import util from 'node:util';
import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs';
import { packageOf, type TensorflowBackend, wasmDirectory } from './tensorflow-packages.js';

// Runs in child processes: erasable TypeScript only.

export type TensorflowLibrary = typeof import('@tensorflow/tfjs');

/** A SavedModel as the native binding serves it: named tensors in and out. */
export interface SavedModel {
  readonly inputs: readonly { readonly name: string; readonly dtype: string; readonly shape?: readonly number[] }[];
  readonly outputs: readonly { readonly name: string; readonly dtype: string; readonly shape?: readonly number[] }[];
  predict(inputs: NamedTensorMap): NamedTensorMap | Tensor;
  dispose(): void;
}

/** A started library. */
export interface StartedBackend {
  readonly tf: TensorflowLibrary;
  readonly usesGpu: boolean;
  /** Null without the native binding. */
  readonly loadSavedModel: ((directory: string) => Promise<SavedModel>) | null;
}

/** What the native packages have beyond `@tensorflow/tfjs`. */
interface NativeLibrary {
  readonly node: { loadSavedModel(directory: string): Promise<SavedModel> };
}

/**
 * Starts TensorFlow.js on one backend. Throws when the package or its native part is missing, and when the library fell
 * back to another backend: the one called `cpu` is 24 to 34 times slower than WASM on a small CNN.
 */
export async function startBackend(backend: TensorflowBackend): Promise<StartedBackend> {
  return backend === 'wasm' ? startWasm() : startNative(backend);
}

const EVENTS = ['uncaughtException', 'unhandledRejection'];

async function startWasm(): Promise<StartedBackend> {
  const tf = await import('@tensorflow/tfjs');
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(wasmDirectory());
  tf.enableProdMode();
  // The backend installs process-wide listeners that rethrow; remove exactly those, an engine has its own way to end.
  const before = EVENTS.map((event) => new Set(process.listeners(event as NodeJS.Signals)));
  const isReady = await tf.setBackend('wasm');
  EVENTS.forEach((event, i) => {
    for (const listener of process.listeners(event as NodeJS.Signals)) {
      if (!before[i]?.has(listener)) process.removeListener(event, listener);
    }
  });
  if (!isReady || tf.getBackend() !== 'wasm') throw new Error(`the WASM backend did not start, got ${tf.getBackend()}`);
  return { tf, usesGpu: false, loadSavedModel: null };
}

function startNative(backend: TensorflowBackend): StartedBackend {
  restoreNodeFunctions();
  const tf = createRequire(import.meta.url)(packageOf(backend)) as TensorflowLibrary & NativeLibrary;
  tf.enableProdMode();
  if (tf.getBackend() !== 'tensorflow') throw new Error(`the native backend did not start, got ${tf.getBackend()}`);
  const { isUsingGpuDevice = false } = tf.backend() as { isUsingGpuDevice?: boolean };
  return { tf, usesGpu: isUsingGpuDevice, loadSavedModel: (directory) => tf.node.loadSavedModel(directory) };
}

/** tfjs-node 4.22.0 calls functions that Node removed in version 23 (tensorflow/tfjs issues 8609, 8719). */
function restoreNodeFunctions(): void {
  const target = util as { isNullOrUndefined?: unknown; isArray?: unknown };
  target.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  target.isArray ??= Array.isArray;
}
