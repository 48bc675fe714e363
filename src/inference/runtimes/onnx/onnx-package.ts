import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

// Only files are read here: the library itself is loaded by child processes alone.
const MANIFEST = createRequire(import.meta.url).resolve('onnxruntime-node/package.json');

/** Version of the installed ONNX Runtime. */
export function onnxVersion(): string {
  return (JSON.parse(fs.readFileSync(MANIFEST, 'utf8')) as { version: string }).version;
}

/** Where the binding and its provider libraries lie. */
export function onnxLibraryDirectory(): string {
  return path.join(path.dirname(MANIFEST), 'bin', 'napi-v6', process.platform, process.arch);
}
