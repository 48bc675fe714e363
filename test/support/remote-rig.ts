import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readRemoteRuntimes } from '../../src/config/remote-runtimes.js';
import { TensorArena } from '../../src/inference/arena/tensor-arena.js';
import type { Device } from '../../src/inference/device.js';
import type { ModelVersion } from '../../src/inference/model-version.js';
import { RemoteRuntime } from '../../src/inference/runtimes/remote/remote-runtime.js';
import { RemoteServer } from '../../src/inference/runtimes/remote/remote-server.js';

/** What the rig sets differently from an operator's least configuration. */
export interface RemoteRigOptions {
  readonly baseUrl: string;
  readonly dialect: 'oip' | 'tf-serving';
  /** Names of the served models with their largest batch. */
  readonly models: Readonly<Record<string, number>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxInFlight?: number;
}

/** A remote runtime with one server and its arena; `close` ends all of it. */
export class RemoteRig {
  readonly arena = TensorArena.create(8 * 2 ** 20);
  readonly directory = fs.mkdtempSync(path.join(os.tmpdir(), 'remote-rig-'));
  readonly server: RemoteServer;
  readonly runtime: RemoteRuntime;

  constructor({ models, ...options }: RemoteRigOptions) {
    const list = Object.entries(models).map(([name, maxBatchSize]) => ({ name, maxBatchSize }));
    const [config] = readRemoteRuntimes(JSON.stringify([{ name: 'far', ...options, models: list }]));
    if (!config) throw new Error('there is no server');
    this.server = new RemoteServer(config, 10);
    this.runtime = new RemoteRuntime(this.arena, [this.server]);
  }

  get device(): Device {
    return this.server.devices[0] as Device;
  }

  model(name: string): ModelVersion {
    const found = this.server.models().find((version) => version.name === name);
    if (!found) throw new Error(`the server described no model ${name}`);
    return found;
  }

  async close(): Promise<void> {
    await this.runtime.close();
    this.arena.close();
    fs.rmSync(this.directory, { recursive: true, force: true });
  }
}
