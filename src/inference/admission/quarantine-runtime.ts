import fs from 'node:fs';
import { SystemClock } from '../../common/clock.js';
import type { TensorArena } from '../arena/tensor-arena.js';
import type { Device } from '../device.js';
import type { InferenceRuntime } from '../inference-runtime.js';
import type { EngineRuntime } from '../runtimes/engine-runtime.js';
import { OnnxRuntime } from '../runtimes/onnx/onnx-runtime.js';
import { TensorflowRuntime } from '../runtimes/tensorflow/tensorflow-runtime.js';

/** A runtime with fresh engines of its own, for one admission, on the CPU. */
export interface QuarantineRuntime {
  readonly runtime: InferenceRuntime;
  readonly device: Device;
  /** Most memory that its engine has held, bytes; null where the system does not tell. */
  memoryBytes(): number | null;
}

/** Makes the runtime of a name; null when this installation has none. */
export type QuarantineRuntimes = (name: InferenceRuntime['name'], arena: TensorArena) => QuarantineRuntime | null;

/** The runtimes that execute files; what an inference server holds cannot be uploaded. */
export const quarantineRuntimes: QuarantineRuntimes = (name, arena) => {
  const runtime = engineRuntime(name, arena);
  if (!runtime) return null;
  const device: Device = { id: 'cpu:0', kind: 'cpu', type: 'CPU' };
  return { runtime, device, memoryBytes: () => highWater(runtime.enginePids().get(device.id)) };
};

function engineRuntime(name: InferenceRuntime['name'], arena: TensorArena): EngineRuntime | null {
  const options = { wanted: ['cpu'], driverEnvironment: {} };
  if (name === 'onnx') return new OnnxRuntime(arena, { ...options, canary: null }, new SystemClock());
  return name === 'tensorflow' ? new TensorflowRuntime(arena, options, new SystemClock()) : null;
}

function highWater(pid: number | undefined): number | null {
  try {
    const kib = /^VmHWM:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  }
}
