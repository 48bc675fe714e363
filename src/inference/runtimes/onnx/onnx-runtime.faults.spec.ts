import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceRig, pairs } from '../../../../test/support/inference-rig.js';
import { until } from '../../../../test/support/signals.js';
import { smallModel } from '../../../../test/support/small-models.js';
import type { LoadedModel } from '../../inference-runtime.js';
import { DeadlineExceededError, EngineGoneError, ModelSuspendedError } from '../../inference.errors.js';

const ENDLESS = 1e18;
const isAlive = (pid: number) => fs.existsSync(`/proc/${pid}`);

describe.skipIf(process.platform !== 'linux')('OnnxRuntime when engines fail (reads /proc, Linux only)', () => {
  let rig: InferenceRig;
  let double: LoadedModel;

  beforeEach(async () => {
    rig = new InferenceRig();
    double = await rig.runtime.load(smallModel('double', rig.directory), rig.device);
  });
  afterEach(() => rig.close());

  const enginePid = () => rig.runtime.enginePids().get('cpu:0') ?? 0;
  const engineIsBack = (old: number) =>
    until(() => enginePid() !== 0 && enginePid() !== old, { what: 'the engine is replaced' });
  async function run(model: LoadedModel, value: number, deadlineMs = 10_000) {
    const item = await pairs(rig.arena, 'item', [value, 1]);
    try {
      const { outputs } = await rig.runtime.run({ id: 'batch', model, items: [item], deadlineMs });
      return Array.from(outputs[0]?.['y']?.data ?? [], Number);
    } finally {
      for (const row of item.inputs['x']?.rows ?? []) rig.arena.free(row);
    }
  }

  it('gives the engine its title, an empty directory and no secret', async () => {
    process.env['DATABASE_URL'] = 'postgres://maru:hunter2@localhost/maru';
    const withSecret = new InferenceRig();
    await withSecret.runtime.load(smallModel('double', withSecret.directory), withSecret.device);
    const pid = withSecret.runtime.enginePids().get('cpu:0') ?? 0;
    const environment = fs.readFileSync(`/proc/${pid}/environ`, 'utf8');
    expect(environment).not.toContain('hunter2');
    const names = environment.split('\0').flatMap((line) => line.split('=')[0] || []);
    const expected = ['HOME', 'MARU_ARENA', 'MARU_TITLE', 'ORT_DISABLE_TELEMETRY', 'PATH', 'TMPDIR'];
    expect(names.filter((name) => !name.startsWith('NODE_CHANNEL')).sort()).toEqual(expected);
    expect(fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8')).toMatch(/^maru engine cpu:0/);
    expect(fs.readdirSync(`/proc/${pid}/cwd`)).toEqual([]);
    expect(fs.readFileSync(`/proc/${pid}/oom_score_adj`, 'utf8').trim()).toBe('800');
    delete process.env['DATABASE_URL'];
    await withSecret.close();
    expect(isAlive(pid)).toBe(false);
    expect(fs.existsSync(withSecret.arena.directory)).toBe(false);
  });

  it('replaces an engine that was killed while idle, with its models', async () => {
    const old = enginePid();
    process.kill(old, 'SIGKILL');
    await engineIsBack(old);
    expect(await run(double, 3)).toEqual([6, 2]);
  });

  it('keeps serving when a signal reaches the whole process group', async () => {
    const old = enginePid();
    process.kill(old, 'SIGINT');
    process.kill(old, 'SIGTERM');
    expect(await run(double, 3)).toEqual([6, 2]);
    expect(enginePid()).toBe(old);
  });

  it('kills an engine that hangs, fails only the batch that hung and sends the one behind it again', async () => {
    const loop = await rig.runtime.load(smallModel('loop', rig.directory), rig.device);
    expect(await run(loop, 5)).toEqual([5, 1]);
    const old = enginePid();
    const hanging = run(loop, ENDLESS, 300);
    const behind = run(double, 4);
    await expect(hanging).rejects.toThrow(DeadlineExceededError);
    expect(await behind).toEqual([8, 2]);
    expect(isAlive(old)).toBe(false);
    expect(await run(loop, 7)).toEqual([7, 1]);
  });

  it('counts the limit of a batch from the moment it is the head', async () => {
    const loop = await rig.runtime.load(smallModel('loop', rig.directory), rig.device);
    const hanging = run(loop, ENDLESS, 600).catch((error: unknown) => error);
    const patient = run(double, 1, 400);
    expect(await hanging).toBeInstanceOf(DeadlineExceededError);
    expect(await patient).toEqual([2, 2]);
  });

  it('tells the running batch that its engine died, and sends the one behind it again', async () => {
    const old = enginePid();
    process.kill(old, 'SIGSTOP');
    const head = run(double, 1).catch((error: unknown) => error);
    const behind = run(double, 2);
    await until(() => rig.arena.reservedBytes >= 4 * 64, { what: 'both rows and both rooms are in the arena' });
    process.kill(old, 'SIGKILL');
    const error = await head;
    expect(error).toBeInstanceOf(EngineGoneError);
    expect(error).toMatchObject({ head: true, killed: true, retryable: true });
    expect(await behind).toEqual([4, 2]);
  });

  it('suspends a model version that ended its engine three times, and serves the others', async () => {
    const loop = await rig.runtime.load(smallModel('loop', rig.directory), rig.device);
    for (let strike = 1; strike <= 3; strike++) {
      await expect(run(loop, ENDLESS, 200)).rejects.toThrow(DeadlineExceededError);
    }
    await expect(run(loop, 1)).rejects.toThrow(ModelSuspendedError);
    await expect(run(loop, 1)).rejects.toThrow(/loop 1.0.0 ended its engine three times/);
    expect(await run(double, 1)).toEqual([2, 2]);
  });

  /** Ends the engine with a signal while it runs a batch; gives the error of the batch. */
  async function endUnderRun(model: LoadedModel, signal: NodeJS.Signals): Promise<unknown> {
    expect(await run(model, 1)).toEqual([1, 1]);
    const hanging = run(model, ENDLESS).catch((error: unknown) => error);
    await until(() => rig.arena.reservedBytes > 0, { what: 'the row is in the arena' });
    process.kill(enginePid(), signal);
    return hanging;
  }

  it('tells a crash from a kill, for which it suspends no model', async () => {
    const loop = await rig.runtime.load(smallModel('loop', rig.directory), rig.device);
    for (let kill = 1; kill <= 3; kill++)
      expect(await endUnderRun(loop, 'SIGKILL')).toMatchObject({ head: true, killed: true });
    for (const fault of ['SIGSEGV', 'SIGABRT'] as const)
      expect(await endUnderRun(loop, fault)).toMatchObject({ head: true, killed: false });
    expect(await run(loop, 1)).toEqual([1, 1]);
  });

  it('finds an idle engine that stopped answering', async () => {
    const old = enginePid();
    process.kill(old, 'SIGSTOP');
    await engineIsBack(old);
    expect(await run(double, 1)).toEqual([2, 2]);
  });

  it('rejects what is still running when it closes', async () => {
    const loop = await rig.runtime.load(smallModel('loop', rig.directory), rig.device);
    const old = enginePid();
    const hanging = run(loop, ENDLESS).catch((error: unknown) => error);
    await until(() => rig.arena.reservedBytes > 0, { what: 'the row is in the arena' });
    await rig.runtime.close();
    expect(await hanging).toMatchObject({ code: 'engine_gone', head: false });
    expect(isAlive(old)).toBe(false);
    await expect(run(double, 1)).rejects.toThrow(EngineGoneError);
  });
});
