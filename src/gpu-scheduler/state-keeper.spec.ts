import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MODEL, SchedulerBench, turn } from '../../test/support/scheduler-bench.js';

const CLASS = 'onnx/cpu/CPU';
const COST = { modelVersionId: MODEL.id, shapeBucket: 'default', deviceClass: CLASS, a: 2, c: 3, sigma: 0.1 };
const account = (tenantId: string, lagMs: number) => ({
  tenantId,
  weight: 1,
  chargedDeviceMs: 10,
  lagMs: { interactive: 0, standard: lagMs, bulk: 0 },
});

describe('StateKeeper', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] }));
  afterEach(() => vi.useRealTimers());

  it('gives the next process what was learned and who was ahead, within the slack', async () => {
    const bench = new SchedulerBench();
    bench.states.state = { accounts: [account('ten_a', 500), account('ten_b', 1e9)], costs: [COST] };
    await bench.ready();
    expect(bench.scheduler.leadMs('ten_a')).toBe(500);
    expect(bench.scheduler.leadMs('ten_b')).toBe(2_000);
    expect(bench.scheduler.decisions()[0]?.event).toMatchObject({ type: 'restore' });
    // Who was ahead goes last; among equals the tenant that is known longest goes first.
    const running = bench.scheduler.submit(bench.item('0', { tenantId: 'ten_c' }));
    const items = ['ten_c', 'ten_a'].map((tenantId) =>
      bench.scheduler.submit(bench.item(tenantId, { tenantId, size: 8 })),
    );
    for (const wanted of ['0', 'ten_c', 'ten_a']) {
      expect(bench.runtime.batches.at(-1)?.items.map(({ ref }) => ref)).toEqual([wanted]);
      bench.runtime.held[0]?.answer();
      await turn();
    }
    await Promise.all([running, ...items]);
  });

  it.each([
    ['of another shape', { accounts: 'all' }],
    ['with numbers that are none', { accounts: [account('t', Number.NaN)], costs: [] }],
    ['with a cost below zero', { accounts: [], costs: [{ ...COST, a: -1 }] }],
  ])('ignores a state %s', async (_, state) => {
    const bench = new SchedulerBench();
    bench.states.state = state;
    await bench.ready();
    expect(bench.scheduler.decisions()[0]?.event.type).not.toBe('restore');
  });

  it('saves every 5 s what has changed, and at the end', async () => {
    const bench = await new SchedulerBench().ready();
    bench.runtime.isAutomatic = true;
    await bench.scheduler.submit(bench.item('1'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bench.states.state).toMatchObject({ costs: [{ modelVersionId: MODEL.id, deviceClass: CLASS }] });
    bench.states.state = null;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(bench.states.state).toBeNull();
    await bench.scheduler.submit(bench.item('2', { tenantId: 'ten_b', size: 4 }));
    await bench.scheduler.beforeApplicationShutdown();
    expect(bench.states.state).not.toBeNull();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('starts without the past when the store fails or hangs, and serves', async () => {
    const bench = new SchedulerBench();
    bench.states.load = () => Promise.reject(new Error('the database is away'));
    bench.states.save = () => Promise.reject(new Error('the database is away'));
    await bench.ready();
    bench.runtime.isAutomatic = true;
    await expect(bench.scheduler.submit(bench.item('1'))).resolves.toBeDefined();
    await vi.advanceTimersByTimeAsync(5_000);

    const hanging = new SchedulerBench();
    hanging.states.load = () => new Promise(() => undefined);
    const ready = hanging.ready();
    await vi.advanceTimersByTimeAsync(3_000);
    await ready;
    hanging.runtime.isAutomatic = true;
    await expect(hanging.scheduler.submit(hanging.item('1'))).resolves.toBeDefined();
  });
});
