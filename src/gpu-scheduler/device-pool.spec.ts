import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CPU, FakeRuntime } from '../../test/support/fake-runtime.js';
import { FixedModels, MODEL, OTHER_MODEL, SchedulerBench, turn } from '../../test/support/scheduler-bench.js';
import type { ModelVersion } from '../inference/model-version.js';
import { JoinedModels } from '../inference/models/joined-models.js';
import { ServedModels } from '../inference/models/served-models.js';
import { RuntimeRegistry } from '../inference/runtimes/runtime-registry.js';
import { DevicePool } from './device-pool.js';
import { SchedulerSettings } from './scheduler-settings.js';
import type { SchedulerEvent } from './fairfit/events.js';

const FAR = { id: 'remote:far', kind: 'remote', type: 'far (oip)' } as const;
const GPU = { id: 'cuda:0', kind: 'cuda', type: 'GPU' } as const;

/** A store whose content the test changes. */
class MovingModels extends FixedModels {
  resident: ReadonlySet<string> = new Set();
  private listener: () => void = () => undefined;
  private now: readonly ModelVersion[];

  constructor(models: readonly ModelVersion[]) {
    super(models);
    this.now = models;
  }

  override list(): readonly ModelVersion[] {
    return this.now;
  }

  override onChange(listener: () => void): void {
    this.listener = listener;
  }

  override setResident(ids: ReadonlySet<string>): void {
    this.resident = ids;
  }

  async change(models: readonly ModelVersion[]): Promise<void> {
    this.now = models;
    this.listener();
    await turn();
  }
}

describe('DevicePool', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => vi.useRealTimers());

  it('makes every model resident on every device and reports with profiles', async () => {
    const { pool } = new SchedulerBench(new FakeRuntime([CPU, GPU]), [MODEL, OTHER_MODEL]);
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    expect(events.slice(0, 2)).toEqual([
      { type: 'deviceUp', device: 'cpu:0', rank: 3, deviceClass: 'onnx/cpu/CPU' },
      { type: 'deviceUp', device: 'cuda:0', rank: 0, deviceClass: 'onnx/cuda/GPU' },
    ]);
    const loaded = events.filter((event) => event.type === 'loaded');
    expect(loaded.map((event) => `${event.device} ${event.modelVersionId}`).toSorted()).toEqual(
      ['cpu:0', 'cuda:0'].flatMap((device) => [MODEL, OTHER_MODEL].map((model) => `${device} ${model.id}`)),
    );
    expect(loaded[0]?.profiles[0]).toMatchObject({ shapeBucket: 'default', a: 1, c: 5 });
    expect(pool.devices()[1]).toMatchObject({ id: 'cuda:0', models: [{ state: 'resident', loadMs: 7 }, {}] });
    expect(pool.residence('cuda:0', MODEL.id)?.loaded.device).toEqual(GPU);
  });

  it('tries a model that failed again, waits longer each time, and refuses its items after three rounds', async () => {
    const bench = new SchedulerBench(new FakeRuntime([CPU]), [MODEL, OTHER_MODEL]);
    bench.runtime.broken.add(OTHER_MODEL.name);
    const events: SchedulerEvent[] = [];
    await bench.pool.start((event) => events.push(event));
    expect(bench.pool.devices()[0]?.models[1]).toMatchObject({ state: 'failed', why: 'the file is not a model' });
    expect(events.some((event) => event.type === 'unavailable')).toBe(false);
    await vi.advanceTimersByTimeAsync(1_000 + 2_000);
    expect(events.at(-1)).toEqual({
      type: 'unavailable',
      modelVersionId: OTHER_MODEL.id,
      why: 'model-b cannot run: the file is not a model',
    });
    bench.runtime.broken.clear();
    await vi.advanceTimersByTimeAsync(3_999);
    expect(bench.runtime.loads).toBe(4);
    await vi.advanceTimersByTimeAsync(1);
    expect(events.at(-1)).toMatchObject({ type: 'loaded', modelVersionId: OTHER_MODEL.id });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('refuses the items of a model at once when no device can hold it', async () => {
    const { pool } = new SchedulerBench(new FakeRuntime([]), [MODEL]);
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    expect(events).toEqual([
      {
        type: 'unavailable',
        modelVersionId: MODEL.id,
        why: 'model-a cannot run: no device of the runtime onnx was found on this machine',
      },
    ]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lets all runtimes that announce a device share it', async () => {
    const [onnx, tensorflow] = [new FakeRuntime([CPU]), new FakeRuntime([CPU], 'tensorflow')];
    const models = [MODEL, { ...OTHER_MODEL, runtime: 'tensorflow' } as const];
    const pool = new DevicePool(
      new RuntimeRegistry([onnx, tensorflow]),
      new FixedModels(models),
      new SchedulerSettings(),
    );
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    expect(events.map(({ type }) => type)).toEqual(['deviceUp', 'loaded', 'loaded']);
    expect(pool.devices()).toHaveLength(1);
    expect(pool.residence('cpu:0', MODEL.id)?.runtime).toBe(onnx);
    expect(pool.residence('cpu:0', OTHER_MODEL.id)?.runtime).toBe(tensorflow);
    expect([onnx.loads, tensorflow.loads]).toEqual([1, 1]);
  });

  it('tells the scheduler that a device went, and what it holds when it is back', async () => {
    const runtime = new FakeRuntime([CPU]);
    const { pool } = new SchedulerBench(runtime, [MODEL]);
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    const change = (isUp: boolean) => runtime.change({ device: CPU, isUp, why: isUp ? null : 'no answer' });
    change(true);
    expect(events).toHaveLength(2);
    change(false);
    change(false);
    expect(events.slice(2)).toEqual([{ type: 'deviceDown', device: 'cpu:0' }]);
    change(true);
    expect(events.slice(3)).toMatchObject([
      { type: 'deviceUp', device: 'cpu:0' },
      { type: 'loaded', device: 'cpu:0', modelVersionId: MODEL.id },
    ]);
    expect(runtime.loads).toBe(1);
  });

  it('tells of a model that was loaded while its device went when the device is back', async () => {
    const runtime = new FakeRuntime([CPU]);
    const { pool } = new SchedulerBench(runtime, [MODEL]);
    const opened = Promise.withResolvers<void>();
    runtime.gate = opened.promise;
    const events: SchedulerEvent[] = [];
    const started = pool.start((event) => events.push(event));
    await vi.waitFor(() => expect(runtime.loads).toBe(1));
    runtime.change({ device: CPU, isUp: false, why: 'no answer' });
    opened.resolve();
    await started;
    expect(events.map(({ type }) => type)).toEqual(['deviceUp', 'deviceDown']);
    expect(vi.getTimerCount()).toBe(0);
    runtime.change({ device: CPU, isUp: true, why: null });
    expect(events.slice(2).map(({ type }) => type)).toEqual(['deviceUp', 'loaded']);
  });

  it('loads what it can on a device that comes later', async () => {
    const runtime = new FakeRuntime([]);
    const { pool } = new SchedulerBench(runtime, [MODEL]);
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    runtime.change({ device: GPU, isUp: true, why: null });
    await vi.waitFor(() => expect(events.at(-1)).toMatchObject({ type: 'loaded', device: 'cuda:0' }));
    expect(pool.residence('cuda:0', MODEL.id)?.loaded.device).toEqual(GPU);
  });

  it('offers a model that fails with a budget to the core again after a pause', async () => {
    const bench = new SchedulerBench(new FakeRuntime([CPU]), [MODEL], { deviceMemoryBytes: 2 ** 30 });
    bench.runtime.broken.add(MODEL.name);
    const events: SchedulerEvent[] = [];
    await bench.pool.start((event) => events.push(event));
    expect(events.map(({ type }) => type)).toEqual(['deviceUp', 'model']);
    for (let i = 0; i < 2; i++) await bench.pool.load('cpu:0', MODEL.id);
    expect(events.slice(2).map(({ type }) => type)).toEqual(['loadFailed', 'loadFailed', 'unavailable']);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(events.at(-1)).toMatchObject({ type: 'model', model: { modelVersionId: MODEL.id, devices: ['cpu:0'] } });
    bench.runtime.broken.clear();
    await bench.pool.load('cpu:0', MODEL.id);
    expect(events.at(-1)).toMatchObject({ type: 'loaded', loadMs: 7, pinned: false });
    await bench.pool.unload('cpu:0', MODEL.id);
    expect(events.at(-1)).toEqual({ type: 'unloaded', device: 'cpu:0', modelVersionId: MODEL.id });
    expect(bench.pool.residence('cpu:0', MODEL.id)).toBeUndefined();
  });

  it('follows its store: loads what is new, then lets go of what is listed no more', async () => {
    const runtime = new FakeRuntime([CPU]);
    const store = new MovingModels([MODEL]);
    const pool = new DevicePool(new RuntimeRegistry([runtime]), store, new SchedulerSettings());
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    expect([...store.resident]).toEqual([MODEL.id]);
    await store.change([OTHER_MODEL]);
    expect(events.slice(-2)).toMatchObject([
      { type: 'loaded', modelVersionId: OTHER_MODEL.id },
      { type: 'unloaded', device: 'cpu:0', modelVersionId: MODEL.id },
    ]);
    expect([...store.resident]).toEqual([OTHER_MODEL.id]);
    expect(pool.residence('cpu:0', MODEL.id)).toBeUndefined();
    expect(pool.devices()[0]?.models.map(({ modelVersionId }) => modelVersionId)).toEqual([OTHER_MODEL.id]);
  });

  it('lets go of what is listed no more on a device that is away, in whichever runtime, without telling the scheduler', async () => {
    const [onnx, tensorflow] = [new FakeRuntime([CPU]), new FakeRuntime([CPU], 'tensorflow')];
    const other = { ...OTHER_MODEL, runtime: 'tensorflow' } as const;
    const store = new MovingModels([MODEL, other]);
    const pool = new DevicePool(new RuntimeRegistry([onnx, tensorflow]), store, new SchedulerSettings());
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    onnx.change({ device: CPU, isUp: false, why: 'no answer' });
    expect([...store.resident]).toEqual([]);
    const before = events.length;
    await store.change([MODEL]);
    expect(events.slice(before)).toEqual([]);
    expect([onnx.unloads, tensorflow.unloads]).toEqual([0, 1]);
    onnx.change({ device: CPU, isUp: true, why: null });
    expect(events.slice(before)).toMatchObject([{ type: 'deviceUp' }, { type: 'loaded', modelVersionId: MODEL.id }]);
    expect([...store.resident]).toEqual([MODEL.id]);
  });

  it('lets a server take a shipped model over, and keeps the shipped one until its last job is over', async () => {
    const [onnx, far] = [new FakeRuntime([CPU]), new FakeRuntime([], 'remote')];
    const remote: ModelVersion = { ...MODEL, id: OTHER_MODEL.id, runtime: 'remote', file: 'far/model-a' };
    const described: ModelVersion[] = [];
    const joined = new JoinedModels(new FixedModels([MODEL]), [{ models: () => described }]);
    const store = new ServedModels(joined);
    const pool = new DevicePool(new RuntimeRegistry([onnx, far]), store, new SchedulerSettings());
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    const release = store.keep(store.byName(MODEL.name));
    described.push(remote);
    far.change({ device: FAR, isUp: true, why: null });
    await vi.waitFor(() => expect(pool.residence(FAR.id, remote.id)?.runtime).toBe(far));
    expect(store.byName(MODEL.name)).toBe(remote);
    expect([pool.residence('cpu:0', MODEL.id)?.runtime, pool.model(MODEL.id)]).toEqual([onnx, MODEL]);
    release();
    await vi.waitFor(() => expect(onnx.unloads).toBe(1));
    expect(events.at(-1)).toEqual({ type: 'unloaded', device: 'cpu:0', modelVersionId: MODEL.id });
    expect(pool.residence(FAR.id, remote.id)?.runtime).toBe(far);
    expect(events.filter(({ type }) => type === 'unavailable')).toEqual([]);
  });

  it('offers the core what is listed later on a device with a budget, and loads nothing there by itself', async () => {
    const runtime = new FakeRuntime([CPU]);
    const store = new MovingModels([MODEL]);
    const settings = new SchedulerSettings({ deviceMemoryBytes: 2 ** 30 });
    const pool = new DevicePool(new RuntimeRegistry([runtime]), store, settings);
    const events: SchedulerEvent[] = [];
    await pool.start((event) => events.push(event));
    await pool.unload('cpu:0', MODEL.id);
    const before = events.length;
    await store.change([MODEL, OTHER_MODEL]);
    expect(events.slice(before)).toMatchObject([{ type: 'model', model: { modelVersionId: OTHER_MODEL.id } }]);
    expect(runtime.loads).toBe(1);
    expect([...store.resident].toSorted()).toEqual([MODEL.id, OTHER_MODEL.id].toSorted());
  });

  it('stops loading when it is stopped', async () => {
    const bench = new SchedulerBench(new FakeRuntime([CPU]), [MODEL]);
    bench.runtime.broken.add(MODEL.name);
    await bench.pool.start(() => undefined);
    bench.pool.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
