import { expect, test } from 'vitest';
import type { Transition } from '../api/types.js';
import { barOf, stageRows } from './stage-rows.js';
import { mergeTransitions, statusOf } from './transitions.js';

const START = Date.parse('2026-11-23T02:00:00.000Z');

function row(seq: number, type: Transition['type'], afterMs: number, more: Partial<Transition> = {}): Transition {
  return {
    seq,
    eventId: `evt_${seq}`,
    jobId: 'job_1',
    at: new Date(START + afterMs).toISOString(),
    type,
    status: 'running',
    stage: null,
    attempt: 1,
    enteredAt: null,
    durationMs: null,
    message: null,
    error: null,
    execution: null,
    step: null,
    ...more,
  };
}

const QUEUED = row(1, 'job.queued', 0, { status: 'queued', attempt: 0 });
const STARTED = row(2, 'job.started', 1000);
const SUCCESS = [
  QUEUED,
  STARTED,
  row(3, 'stage.completed', 1030, { stage: 'prepare', durationMs: 30 }),
  row(4, 'stage.completed', 1100, { stage: 'batch', durationMs: 70 }),
  row(5, 'stage.completed', 1500, { stage: 'infer', durationMs: 400 }),
  row(6, 'stage.completed', 1510, { stage: 'interpret', durationMs: 10 }),
  row(7, 'job.succeeded', 1512, { status: 'succeeded' }),
];

test('a success: waits and work lie one after the other, and fill the axis', () => {
  const { steps, totalMs, axisMs } = stageRows(SUCCESS, START + 999_999);
  expect(steps.map((s) => [s.name, s.kind, s.status, s.startMs, s.durationMs])).toEqual([
    ['queued', 'wait', 'completed', 0, 1000],
    ['prepare', 'work', 'completed', 1000, 30],
    ['batch', 'wait', 'completed', 1030, 70],
    ['infer', 'work', 'completed', 1100, 400],
    ['interpret', 'work', 'completed', 1500, 10],
  ]);
  expect([totalMs, axisMs]).toEqual([1512, 1512]);
});

test('a queued job grows with the time', () => {
  const { steps } = stageRows([QUEUED], START + 2500);
  expect(steps[0]).toMatchObject({ status: 'active', durationMs: 2500 });
  expect(steps.slice(1).map((s) => [s.status, s.durationMs])).toEqual(Array(4).fill(['pending', null]));
});

test('the stage after the last completed one is active', () => {
  const { steps } = stageRows(SUCCESS.slice(0, 4), START + 1300);
  expect(steps.map((s) => s.status)).toEqual(['completed', 'completed', 'completed', 'active', 'pending']);
  expect(steps[3]).toMatchObject({ startMs: 1100, durationMs: 200 });
});

test('a clock that is behind the server never makes a negative bar', () => {
  for (const step of stageRows(SUCCESS.slice(0, 4), START - 60_000).steps)
    expect(step.durationMs ?? 0).toBeGreaterThanOrEqual(0);
});

test('a second attempt starts a new axis; the total counts from the beginning', () => {
  const rows = [
    QUEUED,
    STARTED,
    row(3, 'job.requeued', 5000, { status: 'queued', message: 'the worker was lost' }),
    row(4, 'job.started', 6000, { attempt: 2 }),
  ];
  const view = stageRows(rows, START + 6500);
  expect(view).toMatchObject({ attempt: 2, totalMs: 6500, axisMs: 1500 });
  expect(view.earlier.map((r) => r.message)).toEqual(['the worker was lost']);
  expect(view.steps.map((s) => s.status)).toEqual(['completed', 'active', 'pending', 'pending', 'pending']);
});

test.each([
  ['failed', ['completed', 'completed', 'completed', 'failed', 'skipped']],
  ['canceled', ['completed', 'completed', 'completed', 'canceled', 'canceled']],
] as const)('%s in the middle', (status, expected) => {
  const { steps } = stageRows([...SUCCESS.slice(0, 4), row(5, `job.${status}`, 1200, { status })], START);
  expect(steps.map((s) => s.status)).toEqual(expected);
});

test('a chain of two models: one line for each stage of each, whatever inference batches its items ran in', () => {
  const step = (number: number, items: number) => ({ step: { number, of: 2, items } });
  const chain = [
    QUEUED,
    STARTED,
    row(3, 'stage.completed', 1030, { stage: 'prepare', durationMs: 30, ...step(1, 1) }),
    row(4, 'stage.completed', 1100, { stage: 'batch', durationMs: 70, ...step(1, 1) }),
    row(5, 'stage.completed', 1500, { stage: 'infer', durationMs: 400, ...step(1, 1) }),
    row(6, 'stage.completed', 1520, { stage: 'prepare', durationMs: 20, ...step(2, 3) }),
    row(7, 'stage.completed', 1550, { stage: 'batch', enteredAt: new Date(START + 1520).toISOString(), ...step(2, 2) }),
    row(8, 'stage.completed', 1600, { stage: 'infer', enteredAt: new Date(START + 1550).toISOString(), ...step(2, 2) }),
    row(9, 'stage.completed', 1700, { stage: 'batch', enteredAt: new Date(START + 1520).toISOString(), ...step(2, 1) }),
    row(10, 'stage.completed', 1800, {
      stage: 'infer',
      enteredAt: new Date(START + 1700).toISOString(),
      ...step(2, 1),
    }),
  ];
  const lines = (rows: Transition[]) =>
    stageRows(rows, START + 1900).steps.slice(1).map((s) => [s.name, s.model, s.status, s.durationMs]); // prettier-ignore
  expect(lines(chain)).toEqual([
    ['prepare', 1, 'completed', 30],
    ['batch', 1, 'completed', 70],
    ['infer', 1, 'completed', 400],
    ['prepare', 2, 'completed', 20],
    ['batch', 2, 'completed', 180],
    ['infer', 2, 'completed', 250],
    ['interpret', null, 'active', 100],
  ]);
  expect(lines(chain.slice(0, 8)).slice(3, 5)).toEqual([
    ['prepare', 2, 'completed', 20],
    ['batch', 2, 'active', 380],
  ]);
  const nothing = [
    ...chain.slice(0, 5),
    row(6, 'stage.completed', 1520, { stage: 'prepare', durationMs: 20, ...step(2, 0) }),
  ];
  const skipped = row(7, 'stage.skipped', 1520, { stage: 'infer', ...step(2, 0) });
  expect(lines([...nothing, skipped]).slice(3).map(([, , status]) => status)).toEqual([
    'completed',
    'skipped',
    'skipped',
    'active',
  ]); // prettier-ignore
});

test('bars stay on the axis and can be seen', () => {
  const { steps, axisMs } = stageRows(SUCCESS, START);
  for (const step of steps) {
    const bar = barOf(step, axisMs, 100, 1.5);
    expect(bar?.width).toBeGreaterThanOrEqual(1.5);
    expect((bar?.x ?? 0) + (bar?.width ?? 0)).toBeLessThanOrEqual(100);
  }
  expect(barOf({ ...steps[0]!, durationMs: null }, axisMs, 100, 1)).toBeNull();
});

test('rows held already are ignored, a jump is a gap', () => {
  expect(mergeTransitions(SUCCESS.slice(0, 3), SUCCESS.slice(1, 5)).rows).toEqual(SUCCESS.slice(0, 5));
  expect(mergeTransitions(SUCCESS.slice(0, 3), [SUCCESS[4]!])).toEqual({ rows: SUCCESS.slice(0, 3), hasGap: true });
  expect(statusOf(mergeTransitions(SUCCESS, [STARTED]).rows)).toBe('succeeded');
});
