import { describe, expect, it } from 'vitest';
import { CoreDriver, PROFILE } from '../../../test/support/core-driver.js';

const BYTES = 100;

/** A device for two models; `count` models m0, m1, … that load in 30 ms. */
function driver(count: number, memoryBytes = 2 * BYTES): CoreDriver {
  const d = new CoreDriver();
  d.send({ type: 'deviceUp', device: 'd', rank: 0, deviceClass: 'gpu', memoryBytes });
  for (let i = 0; i < count; i += 1) {
    const profiles = [{ deviceClass: 'gpu', profiles: [PROFILE] }];
    d.send({ type: 'model', model: { modelVersionId: `m${i}`, sizeBytes: BYTES, loadMs: 30, profiles } });
  }
  return d;
}

describe('models that the core loads', () => {
  it('loads on demand, runs the lane it loaded for, and charges the load to its items', () => {
    const d = driver(1);
    const [load] = d.enqueue('0', { modelVersionId: 'm0' });
    expect(load).toEqual({ type: 'loadModel', device: 'd', modelVersionId: 'm0', expectedMs: 30 });
    d.answerLoads(40);
    expect(d.batches[0]).toMatchObject({ loadMs: 40, dispatchReason: 'load' });
    expect(d.batches[0]?.items[0]?.waits).toEqual([{ reason: 'model_loading', ms: 40 }]);
    d.enqueue('1', { modelVersionId: 'm0' });
    d.finish(6);
    expect(d.batches[1]).toMatchObject({ loadMs: 0 });
    d.finish(6);
    const { devices } = d.core.snapshot();
    expect(devices[0]).toMatchObject({ loads: 1, loadMs: 40, unpaidLoadMs: 0, usedBytes: BYTES });
    expect(d.core.exportState().accounts[0]?.chargedDeviceMs).toBeCloseTo(40 + 12, 9);
  });

  it('evicts the least recently used once it is old enough, and loads after the unload was confirmed', () => {
    const d = driver(3);
    for (const model of ['m0', 'm1']) {
      d.enqueue(model, { modelVersionId: model });
      d.answerLoads(30);
      d.finish(6);
    }
    d.enqueue('m2', { modelVersionId: 'm2' });
    // m0 was used 36 ms ago, its load took 30.
    expect(d.unloading).toEqual([{ type: 'unloadModel', device: 'd', modelVersionId: 'm0' }]);
    expect(d.loading).toEqual([]);
    d.send({ type: 'unloaded', device: 'd', modelVersionId: 'm0' });
    expect(d.loading.map((load) => load.modelVersionId)).toEqual(['m2']);
  });

  it('keeps a copy that was just used and wakes itself when it may go', () => {
    const d = driver(3);
    for (const model of ['m0', 'm1']) {
      d.enqueue(model, { modelVersionId: model });
      d.answerLoads(30);
      d.finish(6);
    }
    d.enqueue('again', { modelVersionId: 'm0' });
    d.finish(6);
    d.enqueue('m2', { modelVersionId: 'm2' });
    expect(d.unloading).toEqual([]);
    expect(d.timerAtMs).not.toBeNull();
    d.fireTimer();
    expect(d.unloading.map((unload) => unload.modelVersionId)).toEqual(['m1']);
  });

  it('tries a failed load again after a second, then two, and names the failure when a deadline passes', () => {
    const d = driver(1);
    d.enqueue('0', { modelVersionId: 'm0', deadlineMs: 2_500 });
    d.answerLoads(10, 'failed');
    expect(d.loading).toEqual([]);
    d.fireTimer();
    expect(d.nowMs).toBeGreaterThanOrEqual(1_010);
    d.answerLoads(10, 'failed');
    while (d.ends.length === 0 && d.fireTimer());
    expect(d.ends).toEqual([{ itemId: '0', how: 'model_unavailable' }]);
  });

  it('refuses the items of a model that no device can ever hold', () => {
    const d = driver(1, BYTES - 1);
    expect(d.enqueue('0', { modelVersionId: 'm0' })).toMatchObject([{ type: 'reject', code: 'model_unavailable' }]);
  });

  it('never evicts a pinned model', () => {
    const d = driver(3);
    for (const i of [0, 1]) {
      const model = { modelVersionId: `m${i}`, sizeBytes: BYTES, loadMs: 30, pinned: true };
      d.send({ type: 'model', model });
      d.enqueue(`${i}`, { modelVersionId: `m${i}` });
      d.answerLoads(30);
      d.finish(6);
    }
    d.enqueue('2', { modelVersionId: 'm2', deadlineMs: 10_000 });
    while (d.ends.length < 3 && d.fireTimer());
    expect(d.unloading).toEqual([]);
    expect(d.ends.at(-1)).toEqual({ itemId: '2', how: 'deadline_exceeded' });
  });

  it('loads no second copy while one sustains the arrivals', () => {
    const d = driver(1);
    d.send({ type: 'deviceUp', device: 'e', rank: 1, deviceClass: 'gpu', memoryBytes: BYTES });
    d.enqueue('0', { modelVersionId: 'm0' });
    d.answerLoads(30);
    d.enqueue('1', { modelVersionId: 'm0' });
    expect(d.loading).toEqual([]);
    d.finish(6);
    expect(d.batches[1]).toMatchObject({ device: 'd' });
  });

  it('forgets what a lost device was loading', () => {
    const d = driver(1);
    d.enqueue('0', { modelVersionId: 'm0' });
    d.loading.splice(0);
    d.send({ type: 'deviceDown', device: 'd' }, 12);
    expect(d.core.snapshot()).toMatchObject({ platformMs: 12, devices: [{ state: 'down', loadMs: 12 }] });
    d.send({ type: 'deviceUp', device: 'd', rank: 0, deviceClass: 'gpu', memoryBytes: 2 * BYTES });
    expect(d.loading.length).toBe(1);
    d.answerLoads(30);
    expect(d.lastBatch()).toEqual(['0']);
  });
});
