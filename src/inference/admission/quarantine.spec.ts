import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphModelVersion } from '../../../test/support/graph-models.js';
import { hostileModels } from '../../../test/support/hostile-models.js';
import { smallModel } from '../../../test/support/small-models.js';
import type { ModelVersion } from '../model-version.js';
import type { ExpectedTensor } from './match-signature.js';
import { assertRuntimesAgree, Quarantine, QuarantineRefusal, type Step } from './quarantine.js';
import { quarantineRuntimes } from './quarantine-runtime.js';

describe('Quarantine', () => {
  let directory: string;
  const quarantine = new Quarantine(quarantineRuntimes, { firstRunMs: 2_000, oneRowMs: 2_000 });
  const examine = async (model: ModelVersion, expected: ExpectedTensor[] = []) => {
    const passed: string[] = [];
    const step: Step = async (name, work) => void passed.push(`${name}: ${await work()}`);
    return { ...(await quarantine.examine(model, expected, step)), passed };
  };
  const bomb = (name: string): ModelVersion => {
    const model = { ...smallModel('double', directory, name), outputs: [] };
    fs.writeFileSync(model.file, hostileModels()[name]?.file ?? '');
    const shape = {
      inputs: [{ name: 'x', type: 'float32', shape: ['n'] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['n'] }],
    };
    return { ...model, ...(shape as Pick<ModelVersion, 'inputs' | 'outputs'>) };
  };
  const range = (minimum: number, maximum: number): ExpectedTensor[] => [
    { name: 'x', type: 'float32', minimum, maximum },
  ];

  beforeAll(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'quarantine-'));
  });
  afterAll(() => fs.rmSync(directory, { recursive: true, force: true }));

  it('lets a model pass that behaves, and measures it', async () => {
    const { profile, passed, outputs } = await examine(smallModel('double', directory));
    expect(passed.map((text) => text.split(':')[0])).toEqual([
      'load',
      'values',
      'repeatable',
      'batch_independence',
      'latency',
      'profile',
    ]);
    expect(profile.deviceClass).toBe('onnx/cpu/CPU');
    expect(profile.profiles[0]?.samples.map(({ size }) => size)).toEqual([1, 2, 4, 8]);
    if (process.platform === 'linux') expect(profile.memoryBytes).toBeGreaterThan(10e6);
    expect(outputs['y']?.dims).toEqual([8, 2]);
  });

  it('judges a TensorFlow.js model the same way, in an engine of that runtime', async () => {
    const { profile, outputs } = await examine(graphModelVersion('double', directory, 'double-graph'));
    expect(profile.deviceClass).toBe('tensorflow/cpu/CPU');
    if (process.platform === 'linux') expect(profile.memoryBytes).toBeGreaterThan(10e6);
    const onnx = await examine(smallModel('double', directory, 'double-onnx'));
    expect(() => assertRuntimesAgree(onnx.outputs, outputs)).not.toThrow();
    await expect(examine(graphModelVersion('log', directory, 'log-graph'))).rejects.toThrow(/not a finite number/);
    await expect(examine(graphModelVersion('first', directory, 'first-graph'))).rejects.toThrow(/for 2 rows/);
    const squares = graphModelVersion('squares', directory);
    await expect(examine(squares, range(0, 12_000))).rejects.toThrow(/no answer within 2000 ms/);
  });

  it('refuses values that are not finite', async () => {
    await expect(examine(smallModel('log', directory))).rejects.toThrow(
      /rows of (zeros|random|minimum).*not a finite number/,
    );
    await expect(examine(smallModel('log', directory, 'log-above'), range(1, 2))).rejects.toThrow(QuarantineRefusal);
  });

  it('refuses a first axis that is not the rows', async () => {
    await expect(examine(smallModel('first', directory))).rejects.toThrow(/for 2 rows/);
  });

  it('refuses a model that does not end', async () => {
    await expect(examine(smallModel('loop', directory), range(0, 1e18))).rejects.toThrow(
      /rows of (random|maximum): .*no answer within 2000 ms/,
    );
  });

  it.each(['foldBomb', 'tileBomb'])('refuses the memory bomb %s, and goes on', async (name) => {
    await expect(examine(bomb(name))).rejects.toThrow(QuarantineRefusal);
    await expect(examine(smallModel('double', directory, `after-${name}`))).resolves.toBeDefined();
  });

  it('refuses another signature than the one that it was told', async () => {
    const model = smallModel('double', directory, 'misdescribed');
    const outputs = [{ name: 'y', type: 'float32', shape: ['n', 3] }] as const;
    await expect(examine({ ...model, outputs })).rejects.toThrow(/does not have the tensors of its manifest/);
  });

  it('says so when there is no such runtime', async () => {
    const model: ModelVersion = { ...smallModel('double', directory, 'tf'), runtime: 'remote' };
    await expect(examine(model)).rejects.toThrow(/no runtime for remote/);
  });
});
