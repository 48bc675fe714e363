import { describe, expect, it } from 'vitest';
import { MODEL, OTHER_MODEL, SchedulerBench, turn } from '../../test/support/scheduler-bench.js';
import { uuidOf } from '../common/ids.js';
import { type Decision, replay } from './decision-log.js';
import type { PriorityBand } from './work-item.js';

describe('GpuSchedulerService.submit', () => {
  it('gives each item its own output and a complete receipt', async () => {
    const bench = await new SchedulerBench().ready();
    const first = bench.scheduler.submit(bench.item('1'));
    bench.clock.elapsedMs = 4;
    const others = [2, 3].map((size, i) =>
      bench.scheduler.submit(bench.item(`${size}`, { size, tenantId: `ten_${i}` })),
    );
    bench.clock.elapsedMs = 20;
    bench.runtime.held[0]?.answer(15);
    await first;
    bench.clock.elapsedMs = 32;
    bench.runtime.held[0]?.answer(10);
    const [, second] = await Promise.all(others);
    expect(second?.output['position']?.data[0]).toBe(1);
    expect(uuidOf('inferenceBatch', second?.receipt.inferenceBatchId ?? '')).toBe(bench.runtime.batches[1]?.id);
    expect(second?.receipt).toMatchObject({
      batchSize: 5,
      slot: 2,
      size: 3,
      shapeBucket: 'default',
      device: 'cpu:0',
      deviceType: 'CPU',
      runtime: 'onnx',
      workerId: 'worker-1',
      model: { name: 'model-a', version: '1.0.0', digest: MODEL.digest },
      enqueuedAt: 1_000_000_004,
      dispatchedAt: 1_000_000_020,
      startedAt: 1_000_000_020,
      finishedAt: 1_000_000_032,
      batchWaitMs: 16,
      computeMs: 10,
      chargedDeviceMs: 6,
      dispatchReason: 'device_free',
      waits: [{ reason: 'device_busy', ms: 16 }],
    });
    expect(uuidOf('model', second?.receipt.model.id ?? '')).toBe(MODEL.id);
    expect(second?.receipt.lane).toBe(`${second?.receipt.model.id}/default`);
  });

  it('lets items of one moment leave together, and replays that', async () => {
    const bench = await new SchedulerBench().ready();
    const items = ['1', '2', '2', '3'].map((itemId) => bench.item(itemId));
    const submitted = bench.scheduler.submitAll(items);
    const settled = Promise.allSettled(submitted);
    expect(bench.runtime.batches.map((batch) => batch.items.map(({ ref }) => ref))).toEqual([['1', '2', '3']]);
    bench.runtime.held[0]?.answer();
    expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    await expect(submitted[2]).rejects.toMatchObject({ code: 'invalid_item' });
    expect(replay(bench.scheduler.recording()!)).toBeNull();
  });

  it('records batch at dispatch and infer with the receipt before the promise resolves', async () => {
    const bench = await new SchedulerBench().ready();
    const submitted = bench.scheduler.submit(bench.item('1'));
    expect(bench.recorder.transitions).toMatchObject([{ itemId: '1', stage: 'batch', receipt: null }]);
    bench.clock.elapsedMs = 12;
    bench.runtime.held[0]?.answer();
    const { receipt } = await submitted.finally(() => expect(bench.recorder.transitions.length).toBe(2));
    expect(bench.recorder.transitions[1]).toEqual({
      itemId: '1',
      stage: 'infer',
      enteredAt: receipt.dispatchedAt,
      completedAt: receipt.finishedAt,
      receipt,
    });
  });

  it('survives a recorder that throws', async () => {
    const bench = await new SchedulerBench().ready();
    bench.recorder.isBroken = true;
    bench.runtime.isAutomatic = true;
    await expect(bench.scheduler.submit(bench.item('1'))).resolves.toBeDefined();
    expect(bench.metrics.counters().recorderErrors).toBe(2);
  });

  it('waits for a model that is still loading', async () => {
    const bench = new SchedulerBench();
    const { promise, resolve } = Promise.withResolvers<void>();
    bench.runtime.gate = promise;
    bench.runtime.isAutomatic = true;
    const early = bench.scheduler.submit(bench.item('early'));
    await bench.ready();
    expect(bench.scheduler.explain('early')).toMatchObject({ state: 'queued', reason: 'model_loading' });
    bench.clock.elapsedMs = 30;
    resolve();
    expect((await early).receipt.waits).toEqual([{ reason: 'model_loading', ms: 30 }]);
  });

  it.each([
    ['no tenant', { tenantId: '' }],
    ['weight 0', { weight: 0 }],
    ['weight NaN', { weight: Number.NaN }],
    ['half a row', { size: 0.5 }],
    ['a deadline that is no number', { deadlineAt: Number.NaN }],
    ['a limit of 0', { limits: { maxInFlight: 0 } }],
    ['rows that do not match the size', { input: { x: { type: 'float32', rowShape: [1], rows: [] } } }],
  ] as const)('refuses %s as invalid_item', async (_, facts) => {
    const bench = await new SchedulerBench().ready();
    await expect(bench.scheduler.submit(bench.item('1', facts))).rejects.toMatchObject({ code: 'invalid_item' });
    expect(bench.runtime.batches).toEqual([]);
  });

  it('refuses an item that is here already and keeps the first', async () => {
    const bench = await new SchedulerBench().ready();
    const first = bench.scheduler.submit(bench.item('1'));
    await expect(bench.scheduler.submit(bench.item('1'))).rejects.toMatchObject({ code: 'invalid_item' });
    bench.runtime.held[0]?.answer();
    await expect(first).resolves.toBeDefined();
  });

  it('refuses a model version that this worker does not know', async () => {
    const bench = await new SchedulerBench().ready();
    const lane = { modelVersionId: OTHER_MODEL.id, shapeBucket: 'default' };
    await expect(bench.scheduler.submit(bench.item('1', { lane }))).rejects.toMatchObject({
      code: 'model_unavailable',
    });
  });

  it('refuses past the limit of the tenant with a time to retry', async () => {
    const bench = await new SchedulerBench(undefined, undefined, { maxEnqueued: 1 }).ready();
    const [first, second, third] = ['1', '2', '3'].map((id) => bench.scheduler.submit(bench.item(id)));
    await expect(third).rejects.toMatchObject({ code: 'queue_full', retryAfterMs: 1000, retryable: true });
    bench.runtime.held[0]?.answer();
    await first;
    bench.runtime.held[0]?.answer();
    await second;
  });

  it('rejects a dated item by the timer while the device is busy', async () => {
    const bench = await new SchedulerBench().ready();
    const running = bench.scheduler.submit(bench.item('1'));
    const dated = bench.scheduler.submit(bench.item('2', { deadlineAt: bench.clock.now() + 11 }));
    bench.clock.elapsedMs = 5;
    await expect(dated).rejects.toMatchObject({ code: 'deadline_exceeded' });
    bench.runtime.held[0]?.answer();
    await running;
  });
});

describe('GpuSchedulerService: room, stats, decisions', () => {
  it('has room for a window per tenant, in a band with those above it', async () => {
    const bench = await new SchedulerBench(undefined, undefined, { maxEnqueued: 100 }).ready();
    expect(bench.scheduler.room('ten_a', 'bulk')).toBe(100);
    const submitted = Array.from({ length: 31 }, (_, i) => bench.scheduler.submit(bench.item(`${i}`, { size: 2 })));
    const { room, claimable } = {
      room: (band: PriorityBand) => bench.scheduler.room('ten_a', band),
      claimable: (ahead: number) => bench.scheduler.claimable('ten_a', 'bulk', ahead),
    };
    expect([room('interactive'), room('standard'), room('bulk')]).toEqual([100, 40, 40]);
    // Items of nearly two rows; a quarter of the window has to be free.
    expect([claimable(0), claimable(5), claimable(10)]).toEqual([20, 15, 0]);
    const ended = Promise.allSettled(submitted);
    await Promise.all([bench.scheduler.drain({ timeoutMs: 0 }), bench.runtime.held[0]?.answer()]);
    expect(bench.scheduler.room('ten_a', 'standard')).toBe(0);
    expect((await ended).filter((end) => end.status === 'fulfilled').length).toBe(1);
  });

  it('shows devices, lanes, tenants and counters as plain data', async () => {
    const bench = await new SchedulerBench().ready();
    const items = ['1', '2', '3'].map((id) => bench.scheduler.submit(bench.item(id)));
    const stats = bench.scheduler.stats();
    expect(JSON.parse(JSON.stringify(stats))).toEqual(stats);
    expect(stats).toMatchObject({
      workerId: 'worker-1',
      lanes: [{ lane: `${MODEL.id}/default`, queuedItems: 2 }],
      tenants: [{ tenantId: 'ten_a', inFlightRows: 1, queuedRows: { standard: 2 } }],
      devices: [{ id: 'cpu:0', type: 'CPU', state: 'busy', running: { rows: 1 }, models: [{ state: 'resident' }] }],
    });
    bench.runtime.held[0]?.answer(3);
    await items[0];
    bench.runtime.held[0]?.answer(4);
    await Promise.all(items);
    const { batchSize, deviceBusyMs, itemsCompleted } = bench.scheduler.stats().counters;
    expect({ itemsCompleted, deviceBusyMs, sum: batchSize.sum }).toEqual({
      itemsCompleted: 3,
      deviceBusyMs: { 'cpu:0': 7 },
      sum: 3,
    });
    expect(batchSize.buckets.slice(0, 3)).toEqual([
      { le: 1, count: 1 },
      { le: 2, count: 2 },
      { le: 4, count: 2 },
    ]);
  });

  it('keeps decisions that a new core repeats', async () => {
    const bench = await new SchedulerBench().ready();
    bench.runtime.isAutomatic = true;
    await Promise.all(Array.from({ length: 40 }, (_, i) => bench.scheduler.submit(bench.item(`${i}`))));
    await turn();
    expect(bench.scheduler.decisions().length).toBeGreaterThan(40);
    const decisions = JSON.parse(JSON.stringify(bench.scheduler.decisions())) as readonly Decision[];
    expect(replay({ core: bench.scheduler.recording()!.core, decisions })).toBeNull();
  });
});
