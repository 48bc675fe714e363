import { describe, expect, it } from 'vitest';
import { InputUnreadableError, InterpretError } from '../../analyzers/analyzer.js';
import { SchedulerError } from '../../gpu-scheduler/gpu-scheduler.errors.js';
import { DeadlineExceededError, EngineGoneError, UndecodableImageError } from '../../inference/inference.errors.js';
import type { Claim } from '../recording/claim.js';
import { closingOf } from './attempt-closing.js';

const claim = { attempt: 1, maxAttempts: 3, alone: false } as Claim;
const lastTry = { ...claim, attempt: 3 };
const typesOf = (c: ReturnType<typeof closingOf>) => c.items.map((i) => i.type);
const deviceLost = new SchedulerError('device_lost', 'the engine died', { cause: new EngineGoneError('gone', true) });

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
    const closing = closingOf(deviceLost, 'infer', claim, null);
    expect(closing.closing).toMatchObject({ kind: 'requeue', requeue: { alone: true } });
    expect(typesOf(closing)).toEqual(['stage.failed', 'job.requeued']);
    expect(closingOf(deviceLost, 'infer', lastTry, null).closing).toMatchObject({
      kind: 'end',
      end: { status: 'failed', error: { code: 'runtime_disconnected' } },
    });
  });

  it('names a run that was killed for its time stage_timeout', () => {
    const error = new SchedulerError('device_lost', 'too slow', { cause: new DeadlineExceededError('5 s') });
    expect(closingOf(error, 'infer', lastTry, null).closing).toMatchObject({
      end: { error: { code: 'stage_timeout' } },
    });
  });

  it('ends as canceled when a cancel was asked or the deadline passed before the device', () => {
    expect(closingOf(new Error('aborted'), 'prepare', claim, 'cancel_asked').closing).toMatchObject({
      end: { status: 'canceled', cancelReason: 'client' },
    });
    const late = closingOf(new SchedulerError('deadline_exceeded', 'late'), 'infer', claim, null);
    expect(late.closing).toMatchObject({ end: { status: 'canceled', cancelReason: 'deadline' } });
    expect(typesOf(late)).toEqual(['job.canceling', 'job.canceled']);
  });

  it('gives the job back without blame when the worker drains', () => {
    const closing = closingOf(new Error('aborted'), 'infer', lastTry, 'draining');
    expect(closing.closing).toMatchObject({ kind: 'requeue', requeue: { delayMs: 0, alone: false } });
  });
});
