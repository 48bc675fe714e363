import { describe, expect, it } from 'vitest';
import { InputUnreadableError, InterpretError } from '../../analyzers/analyzer.js';
import { SchedulerError } from '../../gpu-scheduler/gpu-scheduler.errors.js';
import { DeadlineExceededError, EngineGoneError, UndecodableImageError } from '../../inference/inference.errors.js';
import type { Receipt } from '../../gpu-scheduler/work-item.js';
import type { Claim } from '../recording/claim.js';
import { closingOf, successOf } from './attempt-closing.js';

const claim = { attempt: 1, maxAttempts: 3, alone: false } as Claim;
const lastTry = { ...claim, attempt: 3 };
const typesOf = (c: ReturnType<typeof closingOf>) => c.items.map((i) => i.type);
/** The engine went while it ran a batch of this many items. */
const lostUnder = (batchItems: number, cause: Error = new EngineGoneError('exit 139', true)) =>
  new SchedulerError('device_lost', cause.message, { cause, batchItems });
const closingAt = (error: Error, changes: Partial<Claim> = {}) =>
  closingOf(error, 'infer', { ...claim, ...changes }, null);

describe('successOf', () => {
  const result = { kind: 'text', data: { text: '42' } } as const;
  const receipt = (name: string, chargedDeviceMs: number) =>
    ({ model: { name }, chargedDeviceMs }) as unknown as Receipt;
  const endOf = (...receipts: Receipt[][]) => successOf(result, receipts, { ...claim, pin: null }).closing;

  it('bills one unit and the device time of all steps, and names the last model that ran', () => {
    const end = endOf([receipt('find', 1.5)], [receipt('read', 0.25), receipt('read', 0.5)]);
    expect(end).toMatchObject({ end: { units: 1, deviceUs: 2250, model: { name: 'read' } } });
    expect(endOf([receipt('find', 1.5)], [])).toMatchObject({
      end: { units: 1, deviceUs: 1500, model: { name: 'find' } },
    });
  });
});

describe('closingOf', () => {
  it.each([
    [new InputUnreadableError('no'), 'input_unreadable'],
    [new UndecodableImageError('truncated'), 'input_unreadable'],
    [new InterpretError('no'), 'interpret_error'],
    [new SchedulerError('inference_failed', 'NaN'), 'model_error'],
    [new TypeError('bug'), 'model_error'],
  ])('%s fails the job at once as %s', (error, code) => {
    const closing = closingOf(error, 'prepare', claim, null);
    expect(closing.closing).toMatchObject({
      kind: 'end',
      end: { status: 'failed', error: { code, retryable: false } },
    });
    expect(typesOf(closing)).toEqual(['stage.failed', 'job.failed']);
  });

  it('retries a lost device alone, and gives up after the last attempt', () => {
    const closing = closingAt(lostUnder(1));
    expect(closing.closing).toMatchObject({ kind: 'requeue', requeue: { alone: true, blameless: false } });
    expect(typesOf(closing)).toEqual(['stage.failed', 'job.requeued']);
    expect(closingAt(lostUnder(1), lastTry).closing).toMatchObject({
      kind: 'end',
      end: { status: 'failed', error: { code: 'runtime_disconnected', retryable: true } },
    });
  });

  it('names a run that was killed for its time stage_timeout', () => {
    expect(closingAt(lostUnder(1, new DeadlineExceededError('5 s')), lastTry).closing).toMatchObject({
      end: { error: { code: 'stage_timeout' } },
    });
  });

  it.each([
    ['a crash', lostUnder(2)],
    ['a hang', lostUnder(2, new DeadlineExceededError('5 s'))],
    ['outputs that are refused', new SchedulerError('inference_failed', 'NaN', { batchItems: 2 })],
  ])('blames nobody for %s of a shared batch, and runs its members alone', (_, error) => {
    const closing = closingAt(error, lastTry);
    expect(closing.closing).toMatchObject({ kind: 'requeue', requeue: { alone: true, blameless: true } });
    expect(closing.items[1]).toMatchObject({ message: expect.stringContaining('does not count') as string });
  });

  it('blames nobody who only waited behind a batch that crashed, and does not suspect him either', () => {
    const waited = lostUnder(1, new EngineGoneError('gone', false));
    for (const error of [waited, new SchedulerError('device_lost', 'no longer resident')])
      expect(closingAt(error, lastTry).closing).toMatchObject({ requeue: { alone: false, blameless: true } });
    expect(closingAt(waited, { alone: true }).closing).toMatchObject({ requeue: { alone: true, blameless: true } });
  });

  it('convicts a job that ends its engine again, alone, whatever tries are left', () => {
    const closing = closingAt(lostUnder(1), { alone: true, attempt: 2, maxAttempts: 9 });
    expect(closing.closing).toMatchObject({
      kind: 'end',
      end: { status: 'failed', units: 0, error: { code: 'model_error', retryable: false } },
    });
    expect(typesOf(closing)).toEqual(['stage.failed', 'job.failed']);
    expect(closingAt(new SchedulerError('inference_failed', 'NaN', { batchItems: 1 })).closing).toMatchObject({
      end: { error: { code: 'model_error' } },
    });
  });

  it('lets a job whose engines were killed from outside use its tries up, and then says so', () => {
    const killed = lostUnder(1, new EngineGoneError('SIGKILL', true, true));
    expect(closingAt(killed, { alone: true, attempt: 2 }).closing).toMatchObject({
      kind: 'requeue',
      requeue: { alone: true, blameless: false },
    });
    expect(closingAt(killed, { alone: true, attempt: 3 }).closing).toMatchObject({
      kind: 'end',
      end: { status: 'failed', error: { code: 'runtime_disconnected', retryable: true } },
    });
  });

  it('stops to excuse after twenty attempts, so no job runs for ever', () => {
    const shared = new SchedulerError('queue_full', 'full');
    expect(closingAt(shared, { attempt: 19, maxAttempts: 19 }).closing).toMatchObject({ kind: 'requeue' });
    expect(closingAt(shared, { attempt: 20, maxAttempts: 20 }).closing).toMatchObject({ kind: 'end' });
    expect(closingAt(shared, { attempt: 20, maxAttempts: 21 }).closing).toMatchObject({
      requeue: { blameless: false },
    });
  });

  it('ends as canceled when a cancel was asked or the deadline passed before the device', () => {
    expect(closingOf(new Error('aborted'), 'prepare', claim, 'cancel_asked').closing).toMatchObject({
      end: { status: 'canceled', cancelReason: 'client' },
    });
    for (const code of ['deadline_exceeded', 'deadline_unmeetable'] as const) {
      const late = closingOf(new SchedulerError(code, 'late'), 'infer', claim, null);
      expect(late.closing).toMatchObject({ end: { status: 'canceled', cancelReason: 'deadline' } });
      expect(typesOf(late)).toEqual(['job.canceling', 'job.canceled']);
    }
    expect(closingOf(new Error('aborted'), 'prepare', claim, 'deadline').closing).toMatchObject({
      end: { status: 'canceled', cancelReason: 'deadline', units: 0, deviceUs: 0 },
    });
  });

  it('gives the job back without blame when the worker drains', () => {
    const closing = closingOf(new Error('aborted'), 'infer', lastTry, 'draining');
    expect(closing.closing).toMatchObject({ kind: 'requeue', requeue: { delayMs: 0, alone: false } });
  });
});
