import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SystemClock } from '../../src/common/clock.js';
import { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import type { Device } from '../../src/inference/device.js';
import { TensorflowRuntime } from '../../src/inference/runtimes/tensorflow/tensorflow-runtime.js';

/** A real TensorFlow.js runtime on the CPU with its arena and a directory for models; `close` ends all of it. */
export class TensorflowRig {
  readonly arena = TensorArena.create(8 * 2 ** 20);
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'tensorflow-rig-'));
  readonly device: Device = { id: 'cpu:0', kind: 'cpu', type: 'CPU' };
  readonly runtime: TensorflowRuntime;

  constructor(wanted: readonly string[] | null = ['cpu']) {
    this.runtime = new TensorflowRuntime(this.arena, { wanted, driverEnvironment: {} }, new SystemClock());
  }

  async close(): Promise<void> {
    await this.runtime.close();
    this.arena.close();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
