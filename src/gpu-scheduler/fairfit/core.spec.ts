import { describe, expect, it } from 'vitest';
import { CoreDriver, MODEL, PROFILE } from '../../../test/support/core-driver.js';

function driver(): CoreDriver {
  const d = new CoreDriver();
  d.addDevice();
  return d;
}

describe('SchedulerCore: batches', () => {
  it('runs a lone item at once and everything that gathered meanwhile in the next batch', () => {
    const d = driver();
    d.enqueue('1');
    for (const id of ['2', '3', '4']) d.enqueue(id, {}, 1);
    expect(d.batches.map((b) => b.items.map((i) => i.itemId))).toEqual([['1']]);
    d.finish();
    expect(d.batches[1]).toMatchObject({ rows: 3, dispatchReason: 'device_free', device: 'cpu:0' });
    expect(d.lastBatch()).toEqual(['2', '3', '4']);
  });

  it('cuts at maxBatchSize, never splits an item and names the slots', () => {
    const d = driver();
    d.enqueue('first');
    for (const [id, size] of [
      ['x', 3],
      ['y', 4],
      ['z', 2],
    ] as const)
      d.enqueue(id, { size });
    d.finish();
    expect(d.batches[1]).toMatchObject({ rows: 7, dispatchReason: 'full' });
    expect(d.batches[1]?.items.map((i) => [i.itemId, i.slot, i.size])).toEqual([
      ['x', 0, 3],
      ['y', 3, 4],
    ]);
    d.finish();
    expect(d.lastBatch()).toEqual(['z']);
  });

  it('refuses an item that is larger than a batch', () => {
    const d = driver();
    expect(d.enqueue('big', { size: 9 })).toMatchObject([{ type: 'reject', code: 'item_too_large' }]);
  });

  it('takes one item of each tenant in turn', () => {
    const d = driver();
    d.enqueue('blocker');
    for (let i = 0; i < 20; i += 1) d.enqueue(`flood-${i}`, { tenantId: 'flood' });
    for (let i = 0; i < 3; i += 1) d.enqueue(`small-${i}`, { tenantId: 'small' });
    d.finish();
    expect(d.lastBatch()).toEqual([
      'flood-0',
      'small-0',
      'flood-1',
      'small-1',
      'flood-2',
      'small-2',
      'flood-3',
      'flood-4',
    ]);
  });

  it('keeps two models apart and serves the older item first', () => {
    const d = new CoreDriver();
    d.addDevice('cpu:0', [MODEL, 'model-b']);
    d.enqueue('a1');
    for (const id of ['a2', 'a3']) d.enqueue(id);
    d.enqueue('b1', { modelVersionId: 'model-b' });
    d.finish();
    expect(d.lastBatch()).toEqual(['a2', 'a3']);
    d.finish();
    expect(d.lastBatch()).toEqual(['b1']);
  });

  it('runs lone items one by one in a lane of their own', () => {
    const d = driver();
    d.enqueue('0');
    for (const id of ['1', '2']) d.enqueue(id, { alone: true, size: 2 });
    d.enqueue('3');
    d.finish();
    d.finish();
    d.finish();
    expect(d.batches.map((b) => b.items.map((i) => i.itemId))).toEqual([['0'], ['3'], ['1'], ['2']]);
    expect(d.batches[2]?.lane).toBe(`${MODEL}/default/alone`);
  });

  it('uses the device with the lower rank first and only devices that hold the model', () => {
    const d = new CoreDriver();
    d.addDevice('cpu:0', [MODEL], 3);
    d.addDevice('cuda:0', [MODEL], 0);
    d.addDevice('webgpu:0', [], 1);
    for (const id of ['1', '2', '3']) d.enqueue(id);
    expect(d.batches.map((b) => b.device)).toEqual(['cuda:0', 'cpu:0']);
  });
});

describe('SchedulerCore: bands', () => {
  it('puts interactive items before standard and bulk ones and fills up with those', () => {
    const d = driver();
    d.enqueue('0');
    d.enqueue('bulk', { band: 'bulk' });
    d.enqueue('standard');
    d.enqueue('interactive', { band: 'interactive' });
    d.finish();
    expect(d.lastBatch()).toEqual(['interactive', 'standard', 'bulk']);
  });

  it('serves a bulk item although interactive work never ends', () => {
    const d = driver();
    for (let i = 0; i < 8; i += 1) d.enqueue(`i${i}`, { band: 'interactive' });
    d.enqueue('bulk', { band: 'bulk' });
    for (let turn = 0; turn < 40 && !d.lastBatch().includes('bulk'); turn += 1) {
      for (let i = 0; i < 8; i += 1) d.enqueue(`t${turn}-${i}`, { band: 'interactive' });
      d.finish();
    }
    expect(d.batches.at(-1)).toMatchObject({ band: 'bulk', dispatchReason: 'floor' });
    // A bulk batch costs some 7 ms, and each interactive batch of 10 ms earns it 5 %.
    expect(d.batches.length).toBeLessThanOrEqual(2 + Math.ceil(7 / (0.05 * 10)));
  });
});

describe('SchedulerCore: limits', () => {
  it('refuses the item over maxEnqueued with a time to retry', () => {
    const d = driver();
    d.enqueue('0');
    for (const id of ['1', '2']) d.enqueue(id, { maxEnqueued: 2 });
    expect(d.enqueue('3', { maxEnqueued: 2 })).toMatchObject([{ code: 'queue_full', retryAfterMs: 1000 }]);
    expect(d.enqueue('other', { maxEnqueued: 2, tenantId: 'b' })).toEqual([]);
  });

  it('never runs more items of a tenant than maxInFlight and calls that wait quota', () => {
    const d = driver();
    d.addDevice('cpu:1');
    for (const id of ['1', '2', '3']) d.enqueue(id, { maxInFlight: 1 });
    d.enqueue('b', { tenantId: 'b' });
    expect(d.batches.map((b) => b.items.map((i) => i.itemId))).toEqual([['1'], ['b']]);
    d.finish(20);
    expect(d.lastBatch()).toEqual(['2']);
    expect(d.batches[2]?.items[0]?.waits).toEqual([{ reason: 'quota', ms: 20 }]);
  });

  it('has no place for work while draining, finishes the queue and rejects the rest in time', () => {
    const d = driver();
    for (let i = 0; i < 20; i += 1) d.enqueue(`${i}`);
    d.send({ type: 'drain', untilMs: 100 });
    expect(d.enqueue('late')).toMatchObject([{ code: 'draining' }]);
    d.finish();
    expect(d.batches[1]?.dispatchReason).toBe('drain');
    expect(d.timerAtMs).toBe(100);
    d.send({ type: 'timer' }, 90);
    expect(d.ends.filter((e) => e.how === 'draining').map((e) => e.itemId)).toContain('19');
    d.finish();
    expect(d.ends.length).toBe(21);
  });
});

describe('SchedulerCore: time', () => {
  it('rejects a dated item that could not run in time, by the timer, while the device is busy', () => {
    const d = driver();
    d.enqueue('0');
    d.enqueue('dated', { deadlineMs: 50 });
    expect(d.timerAtMs).toBe(50 - 6);
    expect(d.send({ type: 'timer' }, 44)).toContainEqual(
      expect.objectContaining({ type: 'reject', itemId: 'dated', code: 'deadline_exceeded' }),
    );
  });

  it('refuses a deadline that has passed, or that no run could meet', () => {
    const d = driver();
    expect(d.enqueue('late', { deadlineMs: 5 }, 10)).toMatchObject([{ code: 'deadline_exceeded' }]);
    expect(d.enqueue('tight', { deadlineMs: 15 })).toMatchObject([{ code: 'deadline_unmeetable' }]);
    expect(d.enqueue('large', { deadlineMs: 22, size: 8 })).toMatchObject([{ code: 'deadline_unmeetable' }]);
    expect(d.enqueue('fits', { deadlineMs: 16 })).toMatchObject([{ type: 'runBatch' }, {}]);
  });

  it('goes on without the deadline when the item says so, at enqueue and later', () => {
    const d = driver();
    d.enqueue('0');
    d.enqueue('late', { deadlineMs: 5, deadlineAction: 'demote' }, 10);
    d.enqueue('soon', { deadlineMs: 40, deadlineAction: 'demote' });
    expect(d.timerAtMs).toBe(34);
    d.send({ type: 'timer' }, 24);
    expect(d.ends).toEqual([]);
    d.finish(6);
    expect(d.lastBatch()).toEqual(['late', 'soon']);
  });

  it('gives a run a limit of 2 to 30 s and abandons it 30 s later when no answer comes', () => {
    const d = driver();
    d.enqueue('0');
    expect(d.batches[0]).toMatchObject({ predictedMs: 6, deadlineMs: 2000 });
    expect(d.timerAtMs).toBe(32_000);
    d.enqueue('1');
    expect(d.send({ type: 'timer' }, 32_000)).toContainEqual({ type: 'abandonBatch', batch: 1 });
    expect(d.core.snapshot().devices[0]?.state).toBe('stuck');
    d.finish(1, 'failed');
    expect(d.lastBatch()).toEqual(['1']);
    expect(d.core.snapshot().tenants).toMatchObject([{ tenantId: 'a', inFlightRows: 1 }]);
  });

  it('lets the runtime answer after the host was suspended, and expires what is late', () => {
    const d = driver();
    d.enqueue('0');
    d.enqueue('dated', { deadlineMs: 100 });
    d.send({ type: 'timer' }, 3_600_000);
    expect(d.ends).toEqual([{ itemId: 'dated', how: 'deadline_exceeded' }]);
    d.finish(1);
    expect(d.ends.at(-1)).toEqual({ itemId: '0', how: 'completed' });
  });

  it('never goes back in time', () => {
    const d = driver();
    d.enqueue('0', {}, 100);
    d.enqueue('1');
    d.nowMs = 40;
    d.finish(0);
    expect(d.batches[1]?.items[0]?.waitMs).toBe(0);
  });
});

describe('SchedulerCore: models and devices', () => {
  it('queues before a model is resident and calls that wait model_loading', () => {
    const d = new CoreDriver();
    d.enqueue('0');
    d.send({ type: 'deviceUp', device: 'cpu:0', rank: 0 }, 30);
    d.send({ type: 'loaded', device: 'cpu:0', modelVersionId: MODEL, profiles: [PROFILE] }, 12);
    expect(d.batches[0]?.items[0]?.waits).toEqual([{ reason: 'model_loading', ms: 42 }]);
  });

  it('rejects what waits for a model that no device can load, until it is loaded', () => {
    const d = new CoreDriver();
    d.enqueue('0');
    d.send({ type: 'unavailable', modelVersionId: MODEL, why: 'file is gone' });
    expect(d.ends).toEqual([{ itemId: '0', how: 'model_unavailable' }]);
    expect(d.enqueue('1')).toMatchObject([{ code: 'model_unavailable', message: 'file is gone' }]);
    d.addDevice();
    d.enqueue('2');
    expect(d.lastBatch()).toEqual(['2']);
  });

  it('sends nothing to a device that went down and goes on when it is back', () => {
    const d = driver();
    d.enqueue('0');
    d.enqueue('1');
    d.send({ type: 'deviceDown', device: 'cpu:0' });
    d.finish(10, 'failed');
    expect(d.batches.length).toBe(1);
    d.addDevice();
    expect(d.lastBatch()).toEqual(['1']);
    expect(d.batches[1]?.items[0]?.waits).toEqual([{ reason: 'model_loading', ms: 10 }]);
  });

  it('tells device time from the share of other tenants', () => {
    const d = driver();
    d.enqueue('0', { tenantId: 'z' });
    for (let i = 0; i < 8; i += 1) d.enqueue(`a${i}`, { tenantId: 'a' });
    d.enqueue('b0', { tenantId: 'b', size: 8 });
    d.finish(10);
    d.finish(13);
    expect(d.lastBatch()).toEqual(['b0']);
    expect(d.batches[2]?.items[0]?.waits).toEqual([
      { reason: 'device_busy', ms: 10 },
      { reason: 'tenant_share', ms: 13 },
    ]);
  });
});

describe('SchedulerCore: cancel and explain', () => {
  it('removes a queued item, leaves a running one alone and ignores an unknown one', () => {
    const d = driver();
    for (const id of ['0', '1', '2']) d.enqueue(id);
    d.send({ type: 'cancel', itemId: '1' });
    d.send({ type: 'cancel', itemId: '0' });
    d.send({ type: 'cancel', itemId: 'nobody' });
    d.finish();
    expect(d.ends).toEqual([
      { itemId: '1', how: 'canceled' },
      { itemId: '0', how: 'completed' },
    ]);
    expect(d.lastBatch()).toEqual(['2']);
  });

  it('tells position, reason and an estimate', () => {
    const d = driver();
    for (let i = 0; i < 12; i += 1) d.enqueue(`a${i}`);
    d.enqueue('b', { tenantId: 'b' });
    expect(d.core.explain('a11', 4)).toMatchObject({ reason: 'device_busy', waitedMs: 4, rowsAhead: 10 });
    expect(d.core.explain('b', 4)).toMatchObject({ rowsAhead: 11, tenantRowsAhead: 0, estimatedStartMs: 2 });
    const late = d.core.explain('a11', 4);
    expect(late?.tenantRowsAhead).toBe(10);
    expect(late?.estimatedStartMs).toBeGreaterThan(2 + 10);
    expect(late?.estimatedStartP90Ms).toBeGreaterThanOrEqual(late?.estimatedStartMs ?? 0);
    expect(d.core.explain('a0', 4)).toBeUndefined();
  });

  it('charges device time by rows, exactly what the run took', () => {
    const d = driver();
    d.enqueue('0', { tenantId: 'z' });
    d.enqueue('a', { tenantId: 'a', size: 1 });
    d.enqueue('b', { tenantId: 'b', size: 3, weight: 2 });
    d.finish(6);
    d.finish(40);
    for (const tenantId of ['a', 'b']) d.enqueue(`next-${tenantId}`, { tenantId, weight: tenantId === 'b' ? 2 : 1 });
    const { tenants, platformMs, devices } = d.core.snapshot();
    expect(tenants.map((t) => [t.tenantId, t.completedItems])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    // The next item of `a` runs by now and has paid its estimate.
    const [a, b] = tenants.map((t) => t.chargedDeviceMs);
    expect((a ?? 0) - (d.batches[2]?.predictedMs ?? 0)).toBeCloseTo(10, 9);
    expect(b).toBeCloseTo(30, 9);
    expect([platformMs, devices[0]?.runMs]).toEqual([0, 46]);
  });

  it('takes nothing from the items of a lost device', () => {
    const d = driver();
    d.enqueue('0');
    d.send({ type: 'deviceDown', device: 'cpu:0' }, 5);
    d.finish(0, 'failed');
    d.enqueue('1');
    expect(d.core.snapshot()).toMatchObject({ platformMs: 5, tenants: [{ chargedDeviceMs: 0 }] });
  });
});
