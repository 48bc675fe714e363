import fs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InferenceRig, pairs } from '../../test/support/inference-rig.js';
import { FixedModels, MemoryRecorder, MemoryStates } from '../../test/support/scheduler-bench.js';
import { smallModel } from '../../test/support/small-models.js';
import { SystemClock } from '../common/clock.js';
import type { Device } from '../inference/device.js';
import type { BatchProfile, LoadedModel } from '../inference/inference-runtime.js';
import type { ModelVersion } from '../inference/model-version.js';
import { OnnxRuntime } from '../inference/runtimes/onnx/onnx-runtime.js';
import { RuntimeRegistry } from '../inference/runtimes/runtime-registry.js';
import { BatchRunner } from './batch-runner.js';
import { DevicePool } from './device-pool.js';
import { GpuSchedulerService } from './gpu-scheduler.service.js';
import { SchedulerMetrics } from './scheduler-metrics.js';
import { SchedulerSettings } from './scheduler-settings.js';
import { StateKeeper } from './state-keeper.js';
import type { Completed, WorkItem } from './work-item.js';

const COPY_BYTES = 60;
const BUDGET_BYTES = 100;

/** The real runtime, which counts what it holds from the begin of each load to the end of each unload. */
class CountedOnnx extends OnnxRuntime {
  readonly held: string[] = [];
  mostBytes = 0;
  loads = 0;

  override async load(model: ModelVersion, device: Device): Promise<LoadedModel> {
    this.loads += 1;
    this.held.push(model.id);
    this.mostBytes = Math.max(this.mostBytes, this.held.length * COPY_BYTES);
    try {
      return await super.load(model, device);
    } catch (error) {
      this.held.splice(this.held.indexOf(model.id), 1);
      throw error;
    }
  }

  /** The logarithm refuses some of the values that a warm-up uses. */
  override async warmUp(loaded: LoadedModel): Promise<readonly BatchProfile[]> {
    return loaded.modelVersion.name === 'log' ? [] : super.warmUp(loaded);
  }

  override async unload(loaded: LoadedModel): Promise<void> {
    await super.unload(loaded);
    this.held.splice(this.held.indexOf(loaded.modelVersion.id), 1);
  }
}

describe('a device whose memory holds one of two models', () => {
  let rig: InferenceRig;
  let runtime: CountedOnnx;
  let scheduler: GpuSchedulerService;
  let pool: DevicePool;

  beforeEach(() => {
    rig = new InferenceRig();
    runtime = new CountedOnnx(rig.arena, { wanted: ['cpu'], canary: null, driverEnvironment: {} }, new SystemClock());
  });
  afterEach(async () => {
    await scheduler.drain({ timeoutMs: 0 });
    pool.stop();
    await runtime.close();
    await rig.close();
  });

  async function start(models: readonly ModelVersion[]): Promise<void> {
    const settings = new SchedulerSettings({ workerId: 'worker-1', deviceMemoryBytes: BUDGET_BYTES });
    const metrics = new SchedulerMetrics();
    pool = new DevicePool(new RuntimeRegistry([runtime]), new FixedModels(models), settings);
    const runner = new BatchRunner(pool, new MemoryRecorder(), metrics, settings);
    const keeper = new StateKeeper(new MemoryStates());
    scheduler = new GpuSchedulerService(pool, runner, new SystemClock(), metrics, settings, keeper);
    await scheduler.onApplicationBootstrap();
  }

  async function submit(model: ModelVersion, n: number, facts: Partial<WorkItem> = {}): Promise<Completed> {
    const { inputs } = await pairs(rig.arena, String(n), [n, n + 1]);
    return scheduler.submit({
      itemId: `${model.name}-${n}`,
      tenantId: 'ten_a',
      weight: 1,
      band: 'standard',
      lane: { modelVersionId: model.id, shapeBucket: '2' },
      size: 1,
      input: inputs,
      ...facts,
    });
  }

  const model = (kind: 'double' | 'log', facts: Partial<ModelVersion> = {}): ModelVersion => ({
    ...smallModel(kind, rig.directory),
    peakBytes: COPY_BYTES,
    ...facts,
  });

  it('alternates them by demand: nothing is lost, and the bytes stay within the budget', async () => {
    const [double, log] = [model('double'), model('log')];
    await start([double, log]);
    for (let round = 0; round < 3; round++) {
      const items = [1, 2, 3, 4].flatMap((n) => [
        submit(double, 10 * round + n).then(({ output }) =>
          expect(output['y']?.data).toEqual(Float32Array.of(2 * (10 * round + n), 2 * (10 * round + n + 1))),
        ),
        submit(log, 10 * round + n).then(({ output }) =>
          expect(output['y']?.data[0]).toBeCloseTo(Math.log(10 * round + n), 5),
        ),
      ]);
      await Promise.all(items);
    }
    expect(runtime.loads).toBeGreaterThanOrEqual(4);
    expect(runtime.mostBytes).toBe(COPY_BYTES);
    const [device] = scheduler.stats().devices;
    expect(device).toMatchObject({ memoryBytes: BUDGET_BYTES, usedBytes: COPY_BYTES });
    expect(device?.evictions).toBeGreaterThanOrEqual(3);
    expect(device?.models.filter(({ state }) => state === 'resident')).toHaveLength(1);
  });

  it('never evicts a pinned model, and says so when another one finds no room', async () => {
    const [double, log] = [model('double', { residency: { pinned: true } }), model('log')];
    await start([log, double]);
    await submit(double, 1);
    await expect(submit(log, 2, { deadlineAt: Date.now() + 300 })).rejects.toMatchObject({ code: 'deadline_exceeded' });
    await submit(double, 3);
    expect(runtime.loads).toBe(1);
    expect(scheduler.stats().devices[0]?.evictions).toBe(0);
  });

  it('reports a model that cannot be loaded as unavailable, and goes on serving the other one', async () => {
    const [double, log] = [model('double'), model('log')];
    fs.writeFileSync(log.file, 'not a model');
    await start([double, log]);
    await submit(double, 1);
    await expect(submit(log, 2, { deadlineAt: Date.now() + 800 })).rejects.toMatchObject({ code: 'model_unavailable' });
    await submit(double, 3);
    expect(pool.devices()[0]?.models.find(({ name }) => name === 'log')).toMatchObject({ state: 'failed' });
  });
});
