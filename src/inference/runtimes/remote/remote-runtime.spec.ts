import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { pairs } from '../../../../test/support/inference-rig.js';
import { ModelServer } from '../../../../test/support/model-server.js';
import { RemoteRig } from '../../../../test/support/remote-rig.js';
import { inferenceRuntimeConformance } from '../../../../test/support/runtime-conformance.js';
import { smallModel } from '../../../../test/support/small-models.js';

const SHAPES = fileURLToPath(new URL('../../../../test/fixtures/models/shapes/model.onnx', import.meta.url));
const SMALL = { double: 8, log: 8, first: 8 };

async function startServer(directory: string): Promise<ModelServer> {
  const small = (['double', 'log', 'first'] as const).map((kind) => smallModel(kind, directory));
  return ModelServer.start([{ name: 'shapes', file: SHAPES }, ...small]);
}

for (const dialect of ['oip', 'tf-serving'] as const) {
  inferenceRuntimeConformance(`RemoteRuntime over ${dialect}`, async () => {
    const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'remote-spec-'));
    const server = await startServer(directory);
    const rig = new RemoteRig({ baseUrl: server.url, dialect, models: { shapes: 32, ...SMALL } });
    await rig.runtime.describe();
    const [double, shapes, log, first] = ['double', 'shapes', 'log', 'first'].map((name) => rig.model(name));
    if (!double || !shapes || !log || !first) throw new Error('a model is missing');
    const misdescribed = {
      ...double,
      id: double.id.replace(/^.{8}/, '00000000'),
      outputs: double.outputs.map((output) => ({ ...output, name: 'z' })),
    };
    const close = async () => {
      await rig.close();
      await server.close();
      fs.rmSync(directory, { recursive: true, force: true });
    };
    const models = { shapes, double, log, first, misdescribed };
    return { runtime: rig.runtime, arena: rig.arena, device: rig.device, provider: 'far', models, close };
  });
}

describe('RemoteRuntime', () => {
  let directory: string;
  let server: ModelServer;
  let rig: RemoteRig;

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'remote-spec-'));
    server = await startServer(directory);
  });
  afterAll(async () => {
    await server.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });
  beforeEach(() => {
    const headers = { Authorization: 'Bearer far-away' };
    rig = new RemoteRig({ baseUrl: `${server.url}/`, dialect: 'oip', models: SMALL, headers, maxInFlight: 2 });
    Object.assign(server, { listsBinary: true, takesBinary: true, fault: 'none' });
    server.requests.length = 0;
  });
  afterEach(() => rig.close());

  async function twice(value: number): Promise<number[]> {
    const model = await rig.runtime.load(rig.model('double'), rig.device);
    const item = await pairs(rig.arena, 'a', [value, 1]);
    const { outputs } = await rig.runtime.run({ id: 'b', model, items: [item], deadlineMs: 10_000 });
    return Array.from(outputs[0]?.['y']?.data ?? [], Number);
  }
  const kinds = () => server.requests.filter(({ url }) => url.endsWith('/infer')).map(({ contentType }) => contentType);

  it('is one device for each batch that the server takes at once', async () => {
    const { devices } = await rig.runtime.describe();
    expect(devices).toEqual([
      { id: 'remote:far:0', kind: 'remote', type: 'far (oip)' },
      { id: 'remote:far:1', kind: 'remote', type: 'far (oip)' },
    ]);
    await expect(rig.runtime.load(rig.model('double'), { ...rig.device, id: 'remote:near' })).rejects.toThrow(
      /no device remote:near/,
    );
  });

  it('describes models by what the server tells, and gives them ids that follow from it', async () => {
    await rig.runtime.describe();
    const double = rig.model('double');
    expect(double).toMatchObject({
      name: 'double',
      version: '3',
      runtime: 'remote',
      file: 'far/double',
      inputs: [{ name: 'x', type: 'float32', shape: ['n', 2] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['n', 2] }],
      maxBatchSize: 8,
    });
    expect(double.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const ids = ['double', 'log', 'first'].map((name) => rig.model(name).id);
    expect(new Set(ids).size).toBe(3);
    await rig.runtime.describe();
    expect(rig.model('double').id).toBe(ids[0]);
  });

  it('sends raw tensors and the headers of the configuration to a server that lists the extension', async () => {
    await rig.runtime.describe();
    expect(await twice(3)).toEqual([6, 2]);
    expect(kinds()).toEqual(['application/octet-stream']);
    expect(new Set(server.requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer far-away']));
  });

  it('tries raw tensors on a server that does not list them, and stays with what worked', async () => {
    server.listsBinary = false;
    await rig.runtime.describe();
    expect([await twice(3), await twice(4)]).toEqual([
      [6, 2],
      [8, 2],
    ]);
    expect(kinds()).toEqual(['application/octet-stream', 'application/octet-stream']);
  });

  it('falls back to JSON where raw tensors are refused, and asks no second time', async () => {
    Object.assign(server, { listsBinary: false, takesBinary: false });
    await rig.runtime.describe();
    expect([await twice(3), await twice(4)]).toEqual([
      [6, 2],
      [8, 2],
    ]);
    expect(kinds()).toEqual(['application/octet-stream', 'application/json', 'application/json']);
  });

  it('sends again what met a connection that the server had just closed', async () => {
    await rig.runtime.describe();
    for (let i = 0; i < 20; i++) {
      expect(await twice(i)).toEqual([2 * i, 2]);
      server.closeIdleConnections();
    }
  });

  it('is a device without a server that answers: it says why', async () => {
    const lost = new RemoteRig({ baseUrl: 'http://127.0.0.1:9', dialect: 'oip', models: SMALL });
    const { devices, unavailable } = await lost.runtime.describe();
    expect(devices).toEqual([]);
    expect(unavailable).toEqual([{ what: 'far', why: expect.stringContaining('ECONNREFUSED') }]);
    await lost.close();
  });
});
