import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SystemClock } from '../../src/common/clock.js';
import { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import type { Device } from '../../src/inference/device.js';
import type { InferenceBatchItem } from '../../src/inference/inference-runtime.js';
import { OnnxRuntime, type OnnxRuntimeOptions } from '../../src/inference/runtimes/onnx/onnx-runtime.js';
import type { TensorType } from '../../src/inference/tensor.js';

const CPU_ALONE: OnnxRuntimeOptions = { wanted: ['cpu'], canary: null, driverEnvironment: {} };

/** A real ONNX runtime, by default on the CPU, with its arena and a directory for models; `close` ends all of it. */
export class InferenceRig {
  readonly arena = TensorArena.create(8 * 2 ** 20);
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'inference-rig-'));
  readonly device: Device = { id: 'cpu:0', kind: 'cpu', type: 'CPU' };
  readonly runtime: OnnxRuntime;

  constructor(options: OnnxRuntimeOptions = CPU_ALONE) {
    this.runtime = new OnnxRuntime(this.arena, options, new SystemClock());
  }

  async close(): Promise<void> {
    await this.runtime.close();
    this.arena.close();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}

/** An item whose single input `x` holds these rows. */
export async function itemOf(
  arena: TensorArena,
  ref: string,
  type: TensorType,
  rowShape: readonly number[],
  rows: readonly ArrayBufferView[],
): Promise<InferenceBatchItem> {
  const handles = await Promise.all(rows.map((row) => arena.allocate(row.byteLength)));
  handles.forEach((handle, i) => arena.write(handle, rows[i] as Uint8Array));
  return { ref, inputs: { x: { type, rowShape, rows: handles } } };
}

/** An item of the small models: rows of two float32 values. */
export function pairs(
  arena: TensorArena,
  ref: string,
  ...rows: readonly [number, number][]
): Promise<InferenceBatchItem> {
  return itemOf(
    arena,
    ref,
    'float32',
    [2],
    rows.map((row) => new Float32Array(row)),
  );
}
