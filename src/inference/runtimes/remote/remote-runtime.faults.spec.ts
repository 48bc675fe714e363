import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pairs } from '../../../../test/support/inference-rig.js';
import { ModelServer, type ServerFault } from '../../../../test/support/model-server.js';
import { RemoteRig } from '../../../../test/support/remote-rig.js';
import { until } from '../../../../test/support/signals.js';
import { smallModel } from '../../../../test/support/small-models.js';
import type { DeviceChange, LoadedModel } from '../../inference-runtime.js';
import { InvalidInferenceError, RemoteUnavailableError } from '../../inference.errors.js';

describe.each(['oip', 'tf-serving'] as const)('RemoteRuntime over %s when the server fails', (dialect) => {
  let directory: string;
  let server: ModelServer;
  let rig: RemoteRig;
  let double: LoadedModel;
  let changes: DeviceChange[];

  beforeEach(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'remote-faults-'));
    server = await ModelServer.start([smallModel('double', directory)]);
    rig = new RemoteRig({ baseUrl: server.url, dialect, models: { double: 8 } });
    changes = [];
    await rig.runtime.describe();
    rig.runtime.watch((change) => changes.push(change));
    double = await rig.runtime.load(rig.model('double'), rig.device);
  });
  afterEach(async () => {
    await rig.close();
    await server.close();
    fs.rmSync(directory, { recursive: true, force: true });
  });

  async function run(deadlineMs = 10_000): Promise<unknown> {
    const item = await pairs(rig.arena, 'a', [3, 1]);
    try {
      const { outputs } = await rig.runtime.run({ id: 'b', model: double, items: [item], deadlineMs });
      return Array.from(outputs[0]?.['y']?.data ?? [], Number);
    } catch (error) {
      return error;
    } finally {
      for (const row of item.inputs['x']?.rows ?? []) rig.arena.free(row);
    }
  }
  async function runWith(fault: ServerFault, deadlineMs?: number): Promise<unknown> {
    server.fault = fault;
    const outcome = await run(deadlineMs);
    server.fault = 'none';
    return outcome;
  }

  const finals: [ServerFault, RegExp][] = [
    ['refusal', /400: unexpected shape/],
    ['oversize', /more than 67108864 bytes/],
    ['nan', /not a finite number/],
    ['garbage', /JSON/],
    ['short', dialect === 'oip' ? /y \[1, 2\] FP32 has 8 bytes; 4 follow/ : /JSON/],
    ...(dialect === 'oip'
      ? ([
          ['header', /Inference-Header-Content-Length is 1000000/],
          ['shape', /gave y as float32 \[1, 2, 1\]/],
        ] satisfies [ServerFault, RegExp][])
      : []),
  ];
  it.each(finals)('%s is final, and the next batch is served', async (fault, message) => {
    const error = await runWith(fault);
    expect(error).toBeInstanceOf(InvalidInferenceError);
    expect(String(error)).toMatch(message);
    expect(await run()).toEqual([6, 2]);
    expect(changes).toEqual([]);
  });

  const retryable: [ServerFault, RegExp, number?][] = [
    ['busy', /429: the queue is full/],
    ['hang', /no answer within \d+ ms/, 100],
    ['stall', /no answer within \d+ ms/, 100],
    ['reset', /far: /],
    ['down', /503: starting/],
  ];
  it.each(retryable)('%s may be tried again', async (fault, message, deadlineMs) => {
    const error = await runWith(fault, deadlineMs);
    expect(error).toBeInstanceOf(RemoteUnavailableError);
    expect(error).toMatchObject({ retryable: true });
    expect(String(error)).toMatch(message);
    expect(await run()).toEqual([6, 2]);
    expect(changes).toEqual([]);
  });

  it('takes the device out after three failures in a row, and brings it back when the server is ready', async () => {
    server.fault = 'down';
    await run();
    await run();
    expect(changes).toEqual([]);
    await run();
    expect(changes).toMatchObject([{ device: { id: 'remote:far' }, isUp: false, why: '503: starting' }]);
    server.fault = 'none';
    await until(() => changes.length === 2, { what: 'the device is back' });
    expect(changes[1]).toMatchObject({ device: { id: 'remote:far' }, isUp: true });
    expect(await run()).toEqual([6, 2]);
  });

  it('counts failures in a row alone', async () => {
    for (let round = 0; round < 3; round++) {
      await runWith('busy');
      await runWith('busy');
      expect(await run()).toEqual([6, 2]);
    }
    expect(changes).toEqual([]);
  });
});
