import { describe, expect, it } from 'vitest';
import { FakeRuntime } from '../../test/support/fake-runtime.js';
import { MODEL, SchedulerBench } from '../../test/support/scheduler-bench.js';
import type { TensorMap } from '../inference/tensor.js';
import type { SchedulerSettings } from './scheduler-settings.js';

const ready = (given: Partial<SchedulerSettings>) => new SchedulerBench(new FakeRuntime(), [MODEL], given).ready();
const ofBytes = (bytes: number): TensorMap => ({
  x: { type: 'uint8', rowShape: [bytes], rows: [{ offset: 0, bytes }] },
});

describe('the settings of the scheduler', () => {
  it('bounds the tensors of queued items: no room, then queue_full, then room again', async () => {
    const bench = await ready({ maxEnqueuedBytes: 1_000 });
    const running = [1, 2, 3, 4, 5].map((n) => bench.scheduler.submit(bench.item(`${n}`, { input: ofBytes(100) })));
    expect(bench.scheduler.room('ten_a', 'standard')).toBe(0);
    expect(bench.scheduler.claimable('ten_a', 'standard', 0)).toBe(0);
    expect(bench.scheduler.room('ten_b', 'standard')).toBeGreaterThan(0);
    await expect(bench.scheduler.submit(bench.item('6', { input: ofBytes(600) }))).rejects.toMatchObject({
      code: 'queue_full',
      retryAfterMs: 1_000,
    });
    while (bench.runtime.held.length > 0) {
      bench.runtime.held[0]?.answer();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(running);
    expect(bench.scheduler.room('ten_a', 'standard')).toBeGreaterThan(0);
  });

  it('keeps an item without its deadline when that cannot be met and the settings say so', async () => {
    const late = { deadlineAt: 1_000_000_001 };
    const strict = await ready({});
    await expect(strict.scheduler.submit(strict.item('1', late))).rejects.toMatchObject({
      code: 'deadline_unmeetable',
    });
    const patient = await ready({ deadlineAction: 'demote' });
    const submitted = patient.scheduler.submit(patient.item('1', late));
    const refused = patient.scheduler.submit(patient.item('2', { ...late, deadlineAction: 'fail' }));
    await expect(refused).rejects.toMatchObject({ code: 'deadline_unmeetable' });
    patient.runtime.held[0]?.answer();
    expect((await submitted).receipt.batchSize).toBe(1);
  });

  it('gives a lower band the share that its floor says', async () => {
    const bench = await ready({ bandFloors: { interactive: 0, standard: 0, bulk: 0.5 } });
    bench.runtime.isAutomatic = true;
    const order: string[] = [];
    const submit = (band: 'interactive' | 'bulk', n: number) =>
      bench.scheduler
        .submit(bench.item(`${band} ${n}`, { band, size: MODEL.maxBatchSize }))
        .then(() => order.push(band));
    const jobs = Array.from({ length: 20 }, (_, n) => [submit('interactive', n), submit('bulk', n)]).flat();
    await Promise.all(jobs);
    const before = order.slice(0, order.lastIndexOf('interactive'));
    expect(before.filter((band) => band === 'bulk').length).toBeGreaterThanOrEqual(8);
  });
});
