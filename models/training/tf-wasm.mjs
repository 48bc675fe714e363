import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import * as wasm from '@tensorflow/tfjs-backend-wasm';
import { registerConvGradients } from './conv-gradients.mjs';

const EVENTS = ['uncaughtException', 'unhandledRejection'];

/**
 * TensorFlow.js on its WASM backend, able to train convolutions.
 * Refuses the silent fall-back to the slow `cpu` backend and removes the listeners that the backend adds to the process.
 */
export async function startTfWasm() {
  const require = createRequire(import.meta.url);
  wasm.setWasmPaths(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep);
  tf.enableProdMode();
  const before = EVENTS.map((event) => new Set(process.listeners(event)));
  const ready = await tf.setBackend('wasm');
  EVENTS.forEach((event, i) => {
    for (const listener of process.listeners(event)) {
      if (!before[i].has(listener)) process.removeListener(event, listener);
    }
  });
  if (!ready || tf.getBackend() !== 'wasm')
    throw new Error(`The wasm backend is not available, got ${tf.getBackend()}`);
  registerConvGradients();
  return tf;
}
