import { getEventListeners } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { CPU, FakeRuntime } from '../../test/support/fake-runtime.js';
import { SchedulerBench, turn } from '../../test/support/scheduler-bench.js';
import {
  DeadlineExceededError,
  EngineGoneError,
  InvalidInferenceError,
  ModelSuspendedError,
} from '../inference/inference.errors.js';

describe('a run that fails', () => {
  it.each([
    ['a hang that the runtime ended', new DeadlineExceededError('took too long'), 'device_lost'],
    ['a crash of the engine', new EngineGoneError('exit 139', true), 'device_lost'],
    ['an engine that went with another batch', new EngineGoneError('exit 139', false), 'device_lost'],
    ['a suspended model', new ModelSuspendedError('three strikes'), 'model_unavailable'],
    ['a refused input', new InvalidInferenceError('NaN'), 'inference_failed'],
    ['anything else', new Error('a bug'), 'inference_failed'],
  ])('%s rejects all its items and keeps the cause', async (_, error, code) => {
    const bench = await new SchedulerBench().ready();
    const first = bench.scheduler.submit(bench.item('0'));
    const others = ['1', '2'].map((id) => bench.scheduler.submit(bench.item(id)));
    bench.runtime.held[0]?.answer();
    await first;
    bench.runtime.held[0]?.fail(error);
    for (const end of await Promise.allSettled(others)) {
      const reason = { code, cause: error, message: error.message, batchItems: 2 };
      expect(end).toMatchObject({ status: 'rejected', reason });
    }
    expect(bench.metrics.counters().rejectsByCode).toEqual({ [code]: 2 });
    const next = bench.scheduler.submit(bench.item('next'));
    bench.runtime.held[0]?.answer();
    await expect(next).resolves.toBeDefined();
  });

  it('a wrong number of outputs fails the batch: nobody can tell whose they are', async () => {
    const bench = await new SchedulerBench().ready();
    const submitted = bench.scheduler.submit(bench.item('1'));
    bench.runtime.held[0]?.answerWrong();
    await expect(submitted).rejects.toMatchObject({ code: 'inference_failed', batchItems: 1 });
  });

  it('a runtime that never answers loses its items 30 s after the limit; its late answer frees the device', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const bench = await new SchedulerBench().ready();
    const stuck = bench.scheduler.submit(bench.item('stuck'));
    const dated = bench.scheduler.submit(bench.item('dated', { deadlineAt: bench.clock.now() + 7 }));
    bench.clock.elapsedMs = 1;
    vi.advanceTimersByTime(1);
    await expect(dated).rejects.toMatchObject({ code: 'deadline_exceeded' });
    bench.clock.elapsedMs = 32_000;
    vi.advanceTimersByTime(32_000);
    await expect(stuck).rejects.toMatchObject({ code: 'device_lost', batchItems: 1 });
    expect(bench.scheduler.stats().devices[0]?.state).toBe('stuck');
    const next = bench.scheduler.submit(bench.item('next'));
    bench.runtime.held[0]?.answer();
    await turn();
    bench.runtime.held[0]?.answer();
    await expect(next).resolves.toBeDefined();
    expect(bench.recorder.transitions.filter((t) => t.stage === 'infer').map((t) => t.itemId)).toEqual(['next']);
  });
});

describe('abort and cancel', () => {
  it('an aborted signal never enqueues', async () => {
    const bench = await new SchedulerBench().ready();
    const signal = AbortSignal.abort();
    await expect(bench.scheduler.submit(bench.item('1'), { signal })).rejects.toMatchObject({ code: 'canceled' });
    expect(bench.runtime.batches).toEqual([]);
  });

  it('an abort takes a queued item out; it is in no batch', async () => {
    const bench = await new SchedulerBench().ready();
    const running = bench.scheduler.submit(bench.item('0'));
    const abort = new AbortController();
    const queued = bench.scheduler.submit(bench.item('1'), { signal: abort.signal });
    abort.abort();
    await expect(queued).rejects.toMatchObject({ code: 'canceled' });
    bench.runtime.held[0]?.answer();
    await running;
    expect(bench.runtime.batches.length).toBe(1);
  });

  it('an abort in flight changes nothing: the promise settles with the real outcome', async () => {
    const bench = await new SchedulerBench().ready();
    const abort = new AbortController();
    const submitted = bench.scheduler.submit(bench.item('0'), { signal: abort.signal });
    abort.abort();
    expect(bench.scheduler.cancel('0')).toBe('in_flight');
    expect(bench.scheduler.explain('0')).toEqual({ itemId: '0', state: 'in_flight' });
    bench.runtime.held[0]?.answer();
    await expect(submitted).resolves.toBeDefined();
    expect(bench.scheduler.cancel('0')).toBe('unknown');
    expect(bench.scheduler.explain('0')).toBeUndefined();
  });

  it('listens to the signal no longer than needed', async () => {
    const bench = await new SchedulerBench().ready();
    const { signal } = new AbortController();
    const submitted = bench.scheduler.submit(bench.item('0'), { signal });
    const refused = bench.scheduler.submit(bench.item('1', { size: 9 }), { signal });
    expect(getEventListeners(signal, 'abort').length).toBe(1);
    await expect(refused).rejects.toMatchObject({ code: 'item_too_large' });
    bench.runtime.held[0]?.answer();
    await submitted;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('what a recorder does follows once all commands of the event are carried out', async () => {
    const devices = ['cpu:0', 'cpu:1', 'cpu:2'].map((id) => ({ ...CPU, id }));
    const bench = await new SchedulerBench(new FakeRuntime(devices)).ready();
    const submit = (id: string, facts = {}) => bench.scheduler.submit(bench.item(id, facts));
    const answer = async (count: number) => {
      for (let i = 0; i < count; i += 1) bench.runtime.held[0]?.answer();
      await turn();
    };
    const limited = { tenantId: 'ten_b', limits: { maxInFlight: 2 } };
    const lane = { ...bench.item('').lane, alone: true };
    const all = ['0', '1', '2'].map((id) => submit(id));
    all.push(submit('pair-1', limited), submit('pair-2', limited));
    await answer(1);
    all.push(submit('lone-1', { ...limited, lane }), submit('lone-2', { ...limited, lane }));
    await answer(2);
    const answers: string[] = [];
    const record = bench.recorder.record.bind(bench.recorder);
    bench.recorder.record = (transitions) => {
      record(transitions);
      if (!transitions.some((t) => t.itemId === 'lone-1' && t.stage === 'batch')) return;
      answers.push(bench.scheduler.cancel('lone-2'));
      all.push(submit('late'));
    };
    await answer(1);
    const started = bench.recorder.transitions.filter((t) => t.stage === 'batch').map((t) => t.itemId);
    expect(started.slice(-3)).toEqual(['lone-1', 'lone-2', 'late']);
    await answer(3);
    await Promise.all(all);
    expect(answers).toEqual(['in_flight']);
  });

  it('a recorder that cancels while it is told of a dispatch gets the right answer', async () => {
    const bench = await new SchedulerBench().ready();
    const answers: string[] = [];
    const record = bench.recorder.record.bind(bench.recorder);
    bench.recorder.record = (transitions) => {
      for (const { itemId } of transitions) answers.push(bench.scheduler.cancel(itemId));
      record(transitions);
    };
    const submitted = bench.scheduler.submit(bench.item('0'));
    bench.runtime.held[0]?.answer();
    await submitted;
    expect(answers).toEqual(['in_flight', 'in_flight']);
  });
});

describe('drain', () => {
  it('lets queued work finish, refuses new work and reports', async () => {
    const bench = await new SchedulerBench().ready();
    const items = ['0', '1', '2'].map((id) => bench.scheduler.submit(bench.item(id)));
    const report = bench.scheduler.drain({ timeoutMs: 60_000 });
    await expect(bench.scheduler.submit(bench.item('late'))).rejects.toMatchObject({ code: 'draining' });
    bench.runtime.held[0]?.answer();
    await items[0];
    bench.runtime.held[0]?.answer();
    expect((await Promise.all(items))[2]?.receipt.dispatchReason).toBe('drain');
    expect(await report).toMatchObject({ completedItems: 3, rejectedItems: 0 });
  });

  it('rejects what is queued at the timeout and waits for what runs', async () => {
    const bench = await new SchedulerBench().ready();
    const running = bench.scheduler.submit(bench.item('0'));
    const queued = bench.scheduler.submit(bench.item('1'));
    const report = bench.scheduler.drain({ timeoutMs: 10 });
    bench.clock.elapsedMs = 10;
    await expect(queued).rejects.toMatchObject({ code: 'draining', retryable: true });
    bench.runtime.held[0]?.answer();
    await running;
    expect(await report).toMatchObject({ completedItems: 1, rejectedItems: 1 });
  });

  it('ends at once when nothing is here, and twice is once', async () => {
    const bench = await new SchedulerBench().ready();
    expect(await bench.scheduler.drain()).toMatchObject({ completedItems: 0, rejectedItems: 0 });
    expect(bench.scheduler.drain()).toBe(bench.scheduler.drain());
  });
});

describe('settling', () => {
  it('every submit settles exactly once, whatever fails, aborts and drains', async () => {
    const acts = fc.array(fc.constantFrom('submit', 'submit', 'submit', 'answer', 'crash', 'abort', 'wrong'), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(acts, fc.boolean(), async (steps, isDrained) => {
        const bench = await new SchedulerBench().ready();
        const settled: string[] = [];
        const aborts: AbortController[] = [];
        const submit = (id: string) => {
          const abort = new AbortController();
          aborts.push(abort);
          const note = () => settled.push(id);
          bench.scheduler.submit(bench.item(id), { signal: abort.signal }).then(note, note);
        };
        for (const [i, step] of steps.entries()) {
          if (step === 'submit') submit(`${i}`);
          if (step === 'answer') bench.runtime.held[0]?.answer();
          if (step === 'wrong') bench.runtime.held[0]?.answerWrong();
          if (step === 'crash') bench.runtime.held[0]?.fail(new EngineGoneError('gone', true));
          if (step === 'abort') aborts.at(-1)?.abort();
          if (i % 3 === 0) await turn();
        }
        if (isDrained) void bench.scheduler.drain({ timeoutMs: 0 });
        await turn();
        while (bench.runtime.held.length > 0) {
          bench.runtime.held[0]?.answer();
          await turn();
        }
        const submitted = steps.flatMap((step, i) => (step === 'submit' ? [`${i}`] : []));
        expect(settled.toSorted()).toEqual(submitted.toSorted());
      }),
      { numRuns: 60 },
    );
  });
});
