import type { TensorArena } from '../../arena/tensor-arena.js';
import type { Device } from '../../device.js';
import type { Feed } from '../../engine/engine-operations.js';
import {
  type BatchProfile,
  type DeviceChange,
  type InferenceBatch,
  type InferenceBatchResult,
  InferenceRuntime,
  type LoadedModel,
  type RuntimeDescription,
} from '../../inference-runtime.js';
import { InvalidInferenceError } from '../../inference.errors.js';
import type { ModelVersion } from '../../model-version.js';
import type { NamedTensor } from '../../open-inference/named-tensor.js';
import { TENSOR_ARRAYS } from '../../tensor.js';
import { LoadedModels } from '../loaded-models.js';
import { batchFeeds } from '../onnx/batch-feeds.js';
import { batchOutputs } from '../onnx/batch-outputs.js';
import { checkSignature } from '../signature-check.js';
import { profileModel } from '../warm-up.js';
import { type RemoteServer, serverNameOf } from './remote-server.js';

/** A server may load a model with the first request. */
const WARM_UP_LIMIT_MS = 60_000;
/** Of this adapter; the servers have versions of their own. */
const VERSION = '1';

/** Executes models on servers that an operator configured. A server is a device per inference batch that it takes at once. */
export class RemoteRuntime extends InferenceRuntime {
  readonly name = 'remote';
  private readonly loaded = new LoadedModels();

  constructor(
    private readonly arena: TensorArena,
    private readonly servers: readonly RemoteServer[],
  ) {
    super();
  }

  async describe(): Promise<RuntimeDescription> {
    const states = await Promise.all(this.servers.map(async (server) => ({ server, why: await server.open() })));
    return {
      runtime: this.name,
      version: VERSION,
      devices: states.flatMap(({ server, why }) => (why === null ? server.devices : [])),
      unavailable: states.flatMap(({ server, why }) => (why === null ? [] : [{ what: server.name, why }])),
    };
  }

  override watch(report: (change: DeviceChange) => void): void {
    for (const server of this.servers) {
      server.watch((isUp, why) => {
        for (const device of server.devices) report({ device, isUp, why });
      });
    }
  }

  async load(modelVersion: ModelVersion, device: Device): Promise<LoadedModel> {
    const server = this.serverOf(device);
    return this.loaded.get(modelVersion, device, async () => {
      if (serverNameOf(modelVersion) !== server.name) {
        throw new InvalidInferenceError(`${modelVersion.name} is served by ${serverNameOf(modelVersion)}`);
      }
      checkSignature(modelVersion, await server.factsOf(modelVersion));
    });
  }

  warmUp(model: LoadedModel): Promise<readonly BatchProfile[]> {
    return profileModel(model.modelVersion, this.arena, async (inputs, rows) => {
      const items = [{ ref: String(rows), inputs }];
      await this.run({ id: 'warm-up', model, items, deadlineMs: WARM_UP_LIMIT_MS });
    });
  }

  async run({ model: { modelVersion, device }, items, deadlineMs }: InferenceBatch): Promise<InferenceBatchResult> {
    const server = this.serverOf(device);
    const { feeds, itemRows } = batchFeeds(modelVersion, items);
    const inputs = feeds.map((feed) => this.gather(feed));
    const started = performance.now();
    const outputs = await server.infer(modelVersion, inputs, deadlineMs);
    const deviceMs = performance.now() - started;
    const whole = outputs.map((output) => ({ ...output, at: 0 }));
    const split = batchOutputs(modelVersion, whole, itemRows, () => {
      throw new InvalidInferenceError('a remote answer never lies in the arena');
    });
    return { outputs: split, deviceMs, device, provider: server.name };
  }

  async unload(model: LoadedModel): Promise<void> {
    this.loaded.delete(model);
  }

  async close(): Promise<void> {
    for (const server of this.servers) server.close();
  }

  private gather({ name, type, dims, rowBytes, offsets }: Feed): NamedTensor {
    const bytes = new Uint8Array(rowBytes * offsets.length);
    for (const [row, offset] of offsets.entries()) {
      bytes.set(this.arena.read({ offset, bytes: rowBytes }, rowBytes), row * rowBytes);
    }
    return { name, type, dims, data: new TENSOR_ARRAYS[type](bytes.buffer) };
  }

  private serverOf(device: Device): RemoteServer {
    const server = this.servers.find(({ devices }) => devices.some(({ id }) => id === device.id));
    if (!server) throw new InvalidInferenceError(`there is no device ${device.id} here; describe() lists the devices`);
    return server;
  }
}
