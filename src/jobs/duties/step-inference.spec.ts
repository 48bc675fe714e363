import { describe, expect, it } from 'vitest';
import { CPU, FakeRuntime } from '../../../test/support/fake-runtime.js';
import { MODEL, SchedulerBench, turn } from '../../../test/support/scheduler-bench.js';
import { EngineGoneError } from '../../inference/inference.errors.js';
import type { Claim } from '../recording/claim.js';
import { Journals } from '../recording/journals.js';
import type { RerunPin } from '../rerun.js';
import { StepInference } from './step-inference.js';

const CLAIM = { tenantId: 'ten_a', jobId: 'job', band: 1, attempt: 1, seq: 2, weight: 1, alone: false, pin: null };
const MODEL_OF_TWO = { ...MODEL, maxBatchSize: 2 };

/** A second step with this many rows, on two devices that take two rows at a time. */
async function secondStep(rows: number, changes: Partial<Claim> = {}) {
  const runtime = new FakeRuntime([CPU, { ...CPU, id: 'cpu:1' }]);
  const bench = await new SchedulerBench(runtime, [MODEL_OF_TWO]).ready();
  const journals = new Journals();
  const journal = journals.open({ ...CLAIM, claimedAt: new Date(0), deadline: null, ...changes } as Claim);
  journal.step = { number: 2, of: 2 };
  const handles = Array.from({ length: rows }, (_, i) => ({ offset: i * 64, bytes: 64 }));
  const prepared = {
    shapeBucket: 'default',
    tensors: { x: { type: 'float32' as const, rowShape: [2], rows: handles } },
    memo: null,
  };
  const state = { isSettled: false };
  const run = new StepInference(journals, bench.scheduler).rows(journal, MODEL_OF_TWO, prepared);
  run.catch(() => undefined).finally(() => (state.isSettled = true));
  return { runtime, journal, run, state };
}

const refsOf = (runtime: FakeRuntime) => runtime.batches.flatMap(({ items }) => items.map(({ ref }) => ref));

describe('the rows of a later step', () => {
  it('are items of their own, and come back in their order', async () => {
    const { runtime, run } = await secondStep(5);
    runtime.isAutomatic = true;
    for (const held of [...runtime.held]) held.answer();
    const { output, receipts } = await run;
    expect(output['position']).toMatchObject({ type: 'int32', dims: [5] });
    expect(receipts).toHaveLength(5);
    expect(refsOf(runtime)).toEqual([0, 1, 2, 3, 4].map((row) => `job/1/2.${row}`));
    expect(runtime.batches.every(({ items }) => items.every(({ inputs }) => inputs['x']?.rows.length === 1))).toBe(
      true,
    );
  });

  it('are nothing for no rows', async () => {
    const { run, runtime } = await secondStep(0);
    expect(await run).toEqual({ output: {}, receipts: [] });
    expect(runtime.batches).toEqual([]);
  });

  it('are taken back when one of them fails, and end when none runs any more', async () => {
    const { runtime, run, state } = await secondStep(10);
    expect(runtime.held).toHaveLength(2);
    const gone = new EngineGoneError('exit 139', true);
    runtime.held[1]!.fail(gone);
    // The device that is free again was given two more before anybody heard of the failure.
    await turn();
    expect([runtime.batches.length, state.isSettled]).toEqual([3, false]);
    for (const held of [...runtime.held]) held.answer();
    await expect(run).rejects.toMatchObject({ code: 'device_lost', cause: gone, batchItems: 2 });
    expect(runtime.batches).toHaveLength(3);
  });

  it('leave the queue when the attempt has to stop', async () => {
    const { runtime, journal, run } = await secondStep(6);
    journal.stop('cancel_asked');
    for (const held of [...runtime.held]) held.answer();
    await expect(run).rejects.toMatchObject({ code: 'canceled' });
    expect(runtime.batches).toHaveLength(2);
  });

  it.each([
    ['after a crash', { alone: true }],
    [
      'of a rerun whose rows ran alone',
      { pin: { batchSize: 9, steps: [{}, { batchSize: 1 }] } as unknown as RerunPin },
    ],
  ])('run one by one %s', async (_, changes) => {
    const { runtime, run } = await secondStep(3, changes);
    runtime.isAutomatic = true;
    for (const held of [...runtime.held]) held.answer();
    await run;
    expect(runtime.batches.map(({ items }) => items.length)).toEqual([1, 1, 1]);
  });
});
