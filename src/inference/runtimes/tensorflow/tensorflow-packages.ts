import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// Only files are read here: the libraries themselves are loaded by child processes alone.
const require = createRequire(import.meta.url);

/** The ways of TensorFlow.js to compute, the fastest first. The native ones are looked for, never required. */
export const TENSORFLOW_BACKENDS = ['tfjs-node-gpu', 'tfjs-node', 'wasm'] as const;
export type TensorflowBackend = (typeof TENSORFLOW_BACKENDS)[number];

/** Version of the installed TensorFlow.js. */
export function tensorflowVersion(): string {
  return (JSON.parse(fs.readFileSync(require.resolve('@tensorflow/tfjs/package.json'), 'utf8')) as { version: string })
    .version;
}

/** The package that carries a backend. */
export function packageOf(backend: TensorflowBackend): string {
  return `@tensorflow/${backend === 'wasm' ? 'tfjs-backend-wasm' : backend}`;
}

/** True when the package can be found; whether its native part works is for a probe to tell. */
export function isInstalled(backend: TensorflowBackend): boolean {
  try {
    require.resolve(`${packageOf(backend)}/package.json`);
    return true;
  } catch {
    return false;
  }
}

/** Where the `.wasm` files lie, with a separator at the end. */
export function wasmDirectory(): string {
  return path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm')) + path.sep;
}
