import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { graphModelVersion } from '../../../../test/support/graph-models.js';
import { pairs } from '../../../../test/support/inference-rig.js';
import { until } from '../../../../test/support/signals.js';
import { TensorflowRig } from '../../../../test/support/tensorflow-rig.js';
import type { LoadedModel } from '../../inference-runtime.js';
import { DeadlineExceededError } from '../../inference.errors.js';

/** Two matrices of 576 MB each, 3.5e12 multiplications. */
const HUGE = 12_000;

describe.skipIf(process.platform !== 'linux')('TensorflowRuntime when engines fail (reads /proc, Linux only)', () => {
  let rig: TensorflowRig;
  let double: LoadedModel;

  beforeEach(async () => {
    rig = new TensorflowRig();
    double = await rig.runtime.load(graphModelVersion('double', rig.directory), rig.device);
  });
  afterEach(() => rig.close());

  const enginePid = () => rig.runtime.enginePids().get('cpu:0') ?? 0;
  async function run(model: LoadedModel, value: number, deadlineMs = 10_000) {
    const item = await pairs(rig.arena, 'item', [value, 1]);
    const { outputs } = await rig.runtime.run({ id: 'batch', model, items: [item], deadlineMs });
    return Array.from(outputs[0]?.['y']?.data ?? [], Number);
  }

  it('gives the engine its title, an empty directory and no secret', () => {
    const environment = fs.readFileSync(`/proc/${enginePid()}/environ`, 'utf8');
    const names = environment.split('\0').flatMap((line) => line.split('=')[0] || []);
    const expected = ['HOME', 'MARU_ARENA', 'MARU_TITLE', 'ORT_DISABLE_TELEMETRY', 'PATH', 'TMPDIR'];
    expect(names.filter((name) => !name.startsWith('NODE_CHANNEL')).sort()).toEqual(expected);
    expect(fs.readFileSync(`/proc/${enginePid()}/cmdline`, 'utf8')).toMatch(/^maru engine cpu:0 tensorflow/);
    expect(fs.readdirSync(`/proc/${enginePid()}/cwd`)).toEqual([]);
  });

  it('kills an engine that hangs, fails only the batch that hung and sends the one behind it again', async () => {
    const squares = await rig.runtime.load(graphModelVersion('squares', rig.directory), rig.device);
    expect(await run(squares, 5)).toEqual([5, 1]);
    const old = enginePid();
    const hanging = run(squares, HUGE, 300);
    const behind = run(double, 4);
    await expect(hanging).rejects.toThrow(DeadlineExceededError);
    expect(await behind).toEqual([8, 2]);
    expect(fs.existsSync(`/proc/${old}`)).toBe(false);
    expect(await run(squares, 7)).toEqual([7, 1]);
  });

  it('replaces an engine that was killed while idle, with its models', async () => {
    const old = enginePid();
    process.kill(old, 'SIGKILL');
    await until(() => enginePid() !== 0 && enginePid() !== old, { what: 'the engine is replaced' });
    expect(await run(double, 3)).toEqual([6, 2]);
  });

  it('answers a request for more memory than there is with an error, and serves on', async () => {
    const squares = await rig.runtime.load(graphModelVersion('squares', rig.directory), rig.device);
    await expect(run(squares, 100_000)).rejects.toThrow(/squares: /);
    expect(await run(double, 2)).toEqual([4, 2]);
  });
});
