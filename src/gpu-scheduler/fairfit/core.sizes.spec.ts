import { describe, expect, it } from 'vitest';
import { CoreDriver } from '../../../test/support/core-driver.js';

/** L(b) = b + 5 ms, batches of up to 64 rows. */
const PROFILE = { shapeBucket: 'default', a: 1, c: 5, samples: [] };

function driver(models: readonly string[], devices = 1, options = {}): CoreDriver {
  const d = new CoreDriver({ hold: false, ...options });
  for (let i = 0; i < devices; i += 1) {
    d.send({ type: 'deviceUp', device: `d${i}`, rank: i, deviceClass: 'gpu' });
    for (const modelVersionId of models)
      d.send({ type: 'loaded', device: `d${i}`, modelVersionId, profiles: [PROFILE] });
  }
  return d;
}

function fill(d: CoreDriver, model: string, count: number, lifeMs: number, tenantId = model): void {
  for (let i = 0; i < count; i += 1) {
    const deadlineMs = d.nowMs + lifeMs;
    d.enqueue(`${model}-${tenantId}-${d.enqueued.size}`, {
      tenantId,
      modelVersionId: model,
      deadlineMs,
      maxBatchSize: 64,
    });
  }
}

describe('size of a dated batch', () => {
  it('leaves an item that just misses the time to wait for the batch and to run', () => {
    const d = driver(['m']);
    fill(d, 'm', 60, 100, 'flood');
    fill(d, 'm', 1, 100, 'small');
    d.finish(6);
    // One lane, no other work: an item waits for one batch of b* and runs in the next, U(b*) = 100 / 2.
    expect(d.batches[1]).toMatchObject({ rows: 45, dispatchReason: 'full' });
  });

  it('is smaller when other lanes hold work', () => {
    const d = driver(['m', 'n', 'o', 'p']);
    for (const model of ['m', 'n', 'o', 'p']) fill(d, model, 40, 100, 'flood');
    for (const model of ['m', 'n', 'o', 'p']) fill(d, model, 1, 100, 'small');
    d.finish(6);
    // Four full lanes on one device: U(b*) = 100 / 5.
    expect(d.batches[1]).toMatchObject({ rows: 15, dispatchReason: 'full' });
  });

  it('keeps a deadline of a conforming tenant at the price of the size', () => {
    const d = driver(['m']);
    fill(d, 'm', 1, 100);
    fill(d, 'm', 1, 30, 'early');
    fill(d, 'm', 30, 100, 'late');
    d.finish(6);
    // 24 ms are left: U(19).
    expect(d.batches[1]).toMatchObject({ rows: 19, dispatchReason: 'deadline' });
    expect(d.lastBatch()).toContain('m-early-1');
  });

  it('passes over heads of a flood that would shrink the batch', () => {
    const d = driver(['m']);
    fill(d, 'm', 1, 100);
    fill(d, 'm', 5, 20, 'flood');
    fill(d, 'm', 300, 100, 'flood');
    d.finish(6);
    expect(d.batches[1]).toMatchObject({ dispatchReason: 'shed' });
    expect(d.batches[1]?.rows).toBeGreaterThan(20);
    expect(d.lastBatch()).not.toContain('m-flood-1');
    expect(d.core.explain('m-flood-1', d.nowMs)).toMatchObject({ reason: 'deadline' });
  });

  it('runs singles where batching does not pay', () => {
    const d = new CoreDriver();
    d.send({ type: 'deviceUp', device: 'd', rank: 0 });
    const profiles = [{ shapeBucket: 'default', a: 4, c: 0, samples: [] }];
    d.send({ type: 'loaded', device: 'd', modelVersionId: 'm', profiles });
    fill(d, 'm', 10, 400);
    d.finish(4);
    expect(d.batches[1]).toMatchObject({ rows: 1 });
  });
});

describe('size of an undated batch', () => {
  it('ends at the knee', () => {
    const d = driver(['m']);
    for (let i = 0; i < 80; i += 1) d.enqueue(`${i}`, { modelVersionId: 'm', maxBatchSize: 64 });
    d.finish(6);
    // c / (a * b) <= 0.2 from 25 rows.
    expect(d.batches[1]).toMatchObject({ rows: 25, dispatchReason: 'knee' });
  });

  it('fills a dated batch without delaying it', () => {
    const d = driver(['m']);
    fill(d, 'm', 1, 100);
    for (let i = 0; i < 80; i += 1) d.enqueue(`u${i}`, { tenantId: 'u', modelVersionId: 'm', maxBatchSize: 64 });
    fill(d, 'm', 2, 31);
    d.finish(6);
    // The usual deadline is 31 ms by now: U(b*) = 31 / 2.
    expect(d.batches[1]?.rows).toBe(10);
    expect(d.lastBatch().slice(0, 2)).toEqual(['m-m-81', 'm-m-82']);
  });
});

describe('hold', () => {
  /** Five rows per ms over eight devices for two seconds. */
  const flow = (options: object) => {
    const d = driver(['m'], 8, options);
    const ends = new Map<number, number>();
    for (let i = 0; i < 10_000; i += 1) {
      d.nowMs += 0.2;
      if (d.timerAtMs !== null && d.timerAtMs <= d.nowMs) d.send({ type: 'timer' });
      for (const { batch, predictedMs } of d.running) if (!ends.has(batch)) ends.set(batch, d.nowMs + predictedMs);
      const at = d.running.findIndex(({ batch }) => (ends.get(batch) ?? Infinity) <= d.nowMs);
      const run = d.running[at];
      if (run) {
        d.running.splice(at, 1);
        d.send({ type: 'completed', batch: run.batch, deviceMs: run.predictedMs });
      }
      d.enqueue(`${i}`, { modelVersionId: 'm', deadlineMs: d.nowMs + 50, maxBatchSize: 64, maxEnqueued: 1e9 });
    }
    const waits = d.batches.flatMap((batch) => batch.items.flatMap((item) => item.waits));
    const heldMs = waits.reduce((sum, { reason, ms }) => sum + (reason === 'batch_filling' ? ms : 0), 0);
    return { heldMs, batches: d.batches.length, lost: d.ends.length };
  };

  it('lets one busy lane over many devices gather larger batches, and harms no deadline', () => {
    const eager = flow({ hold: false });
    const held = flow({ hold: true });
    expect(eager.heldMs).toBe(0);
    expect(held.heldMs).toBeGreaterThan(0);
    expect(held.batches).toBeLessThan(eager.batches);
    expect(held.lost).toBe(0);
  }, 30_000);
});
