import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphModelVersion } from '../../../../test/support/graph-models.js';
import { itemOf, pairs } from '../../../../test/support/inference-rig.js';
import { inferenceRuntimeConformance } from '../../../../test/support/runtime-conformance.js';
import { tensorflowUnderTest } from '../../../../test/support/runtimes-under-test.js';
import { TensorflowRig } from '../../../../test/support/tensorflow-rig.js';

inferenceRuntimeConformance('TensorflowRuntime', tensorflowUnderTest);

describe('TensorflowRuntime', () => {
  let rig: TensorflowRig;

  beforeAll(() => {
    rig = new TensorflowRig();
  });
  afterAll(() => rig.close());

  it('serves the CPU with WASM and says why the native backends do not', async () => {
    const { devices, unavailable, version } = await rig.runtime.describe();
    expect(devices).toEqual([{ id: 'cpu:0', kind: 'cpu', type: 'CPU' }]);
    expect(version).toBe('4.22.0');
    expect(unavailable).toEqual([
      { what: 'tfjs-node-gpu', why: 'the package @tensorflow/tfjs-node-gpu is not installed' },
      { what: 'tfjs-node', why: 'the package @tensorflow/tfjs-node is not installed' },
    ]);
  });

  it('has no device when an operator lists other kinds alone', async () => {
    const other = new TensorflowRig(['cuda']);
    const { devices, unavailable } = await other.runtime.describe();
    expect(devices).toEqual([]);
    expect(unavailable.at(-1)).toEqual({ what: 'wasm', why: 'INFERENCE_DEVICES does not list cpu' });
    await other.close();
  });

  it('starts no process before the first model', async () => {
    const idle = new TensorflowRig();
    await idle.runtime.describe();
    expect(idle.runtime.enginePids().size).toBe(0);
    await idle.close();
  });

  it('measures every shape bucket by itself', async () => {
    const model = await rig.runtime.load(graphModelVersion('lengths', rig.directory), rig.device);
    const profiles = await rig.runtime.warmUp(model);
    expect(profiles.map(({ shapeBucket, samples }) => [shapeBucket, samples.length])).toEqual([
      ['16', 4],
      ['64', 4],
    ]);
  });

  it('takes answers that are too large for the message channel through the arena', async () => {
    const wide = { ...graphModelVersion('double', rig.directory, 'wide'), maxBatchSize: 4096 };
    const model = await rig.runtime.load(wide, rig.device);
    const rows = Array.from({ length: 4096 }, (_, i) => new Float32Array([i, 1]));
    const item = await itemOf(rig.arena, 'wide', 'float32', [2], rows);
    const before = rig.arena.reservedBytes;
    for (let run = 0; run < 2; run++) {
      const { outputs } = await rig.runtime.run({ id: 'wide', model, items: [item], deadlineMs: 10_000 });
      const data = outputs[0]?.['y']?.data ?? [];
      expect([data.length, data[0], data[8190], data[8191]]).toEqual([8192, 0, 8190, 2]);
    }
    expect(rig.arena.reservedBytes).toBe(before);
  });

  it('refuses a SavedModel without the native binding, and says what to do', async () => {
    const folder = path.join(rig.directory, 'saved');
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'saved_model.pb'), '');
    const model = { ...graphModelVersion('double', rig.directory, 'other'), file: path.join(folder, 'saved_model.pb') };
    const saved = { ...model, id: model.id.replace(/^.{8}/, '11111111') };
    await expect(rig.runtime.load(saved, rig.device)).rejects.toThrow(/SavedModel.*tensorflowjs_converter.*tfjs-node/);
  });

  it('serves on after a model that cannot be loaded', async () => {
    const broken = graphModelVersion('double', rig.directory, 'broken');
    const id = broken.id.replace(/^.{8}/, '22222222');
    fs.writeFileSync(broken.file, '{"format":"graph-model","modelTopology":{"node":[]},"weightsManifest":[]}');
    await expect(rig.runtime.load({ ...broken, id }, rig.device)).rejects.toThrow();
    const model = await rig.runtime.load(graphModelVersion('double', rig.directory, 'good'), rig.device);
    const item = await pairs(rig.arena, 'one', [3, 4]);
    const { outputs } = await rig.runtime.run({ id: 'b', model, items: [item], deadlineMs: 10_000 });
    expect(Array.from(outputs[0]?.['y']?.data ?? [], Number)).toEqual([6, 8]);
  });
});
