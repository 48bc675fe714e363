import { describe, expect, it } from 'vitest';
import { type JobRows, unfoldJob } from './job.js';
import { segmentText, type TransitionItem } from './transition.js';

const at = '2026-11-23T02:00:00.000Z';
const item = (type: TransitionItem['type'], more: Partial<TransitionItem> = {}): TransitionItem => ({
  type,
  at,
  ...more,
});

function rows(change: Partial<JobRows>): JobRows {
  return {
    tenantId: 't',
    id: 'j',
    analyzerSlug: 'digit-reader',
    analyzerVersion: '1',
    priority: 1,
    maxAttempts: 3,
    test: false,
    createdAt: new Date(at),
    deadline: null,
    traceId: null,
    inputDigest: 'sha256:0',
    metadata: {},
    input: {},
    retriedFrom: null,
    rerunOf: null,
    erasedAt: null,
    queue: null,
    end: null,
    segments: [],
    ...change,
  };
}
const end = (change: Partial<NonNullable<JobRows['end']>>): NonNullable<JobRows['end']> => ({
  status: 1,
  attempt: 1,
  seq: 7,
  finishedAt: at,
  rerunVerdict: null,
  expiresAt: at,
  units: 1,
  deviceUs: 10,
  cancelReason: null,
  model: null,
  error: null,
  result: null,
  log: null,
  ...change,
});
const segment = (seq: number, attempt: number, ...items: TransitionItem[]) => ({
  seq,
  n: items.length,
  attempt,
  items: segmentText(items),
});

describe('unfoldJob', () => {
  it('shows a queued job from its row alone', () => {
    const job = unfoldJob(rows({ queue: { state: 0, attempt: 0, seq: 1, claimedAt: null } }));
    expect(job).toMatchObject({ status: 'queued', seq: 1, attempt: 0 });
  });

  it('lets the queue row stand for job.started until it is logged', () => {
    const claimed = { state: 1, attempt: 1, seq: 2, claimedAt: at };
    expect(unfoldJob(rows({ queue: claimed })).transitions.map((t) => t.type)).toEqual(['job.queued', 'job.started']);
    const logged = segment(2, 1, item('job.started'), item('stage.completed', { stage: 'prepare' }));
    const job = unfoldJob(rows({ queue: claimed, segments: [logged] }));
    expect(job.transitions.map((t) => t.seq)).toEqual([1, 2, 3]);
    expect(job.status).toBe('running');
  });

  it('ends with the last segment kept in the end row', () => {
    const log = segmentText([item('stage.completed', { stage: 'interpret' }), item('job.succeeded')]);
    const first = segment(2, 1, item('job.started'), item('stage.completed', { stage: 'prepare' }));
    const job = unfoldJob(rows({ segments: [first], end: end({ seq: 5, log }) }));
    expect(job).toMatchObject({ status: 'succeeded', seq: 5, attempt: 1 });
  });

  it('counts attempts across a requeue', () => {
    const lost = segment(2, 1, item('job.started'), item('job.requeued'));
    const job = unfoldJob(rows({ segments: [lost], queue: { state: 1, attempt: 2, seq: 4, claimedAt: at } }));
    expect(job.transitions.map((t) => [t.seq, t.attempt, t.status])).toEqual([
      [1, 0, 'queued'],
      [2, 1, 'running'],
      [3, 1, 'queued'],
      [4, 2, 'running'],
    ]);
  });

  it('refuses a gap, a forbidden move and an end that contradicts its timeline', () => {
    expect(() => unfoldJob(rows({ segments: [segment(3, 1, item('job.started'))] }))).toThrow('transition 3 follows 1');
    expect(() => unfoldJob(rows({ segments: [segment(2, 1, item('job.succeeded'))] }))).toThrow(
      'from queued to succeeded',
    );
    const log = segmentText([item('job.started'), item('job.succeeded')]);
    expect(() => unfoldJob(rows({ end: end({ status: 2, seq: 3, log }) }))).toThrow('its end row says failed');
  });
});
