import { describe, expect, it } from 'vitest';
import { END_STATUS, type EndStatus } from '../job-status.js';
import { type JobRows, unfoldJob } from '../job.js';
import { segmentText, type TransitionItem } from '../transition.js';
import { activeStage, percentOf, stagesOf } from './stage-progress.js';

const AT = '2026-11-23T02:00:01.000Z';
const QUEUED: JobRows = {
  tenantId: 't',
  id: '01a206c9-ca41-7552-a235-650c77090d29',
  analyzerSlug: 'a',
  analyzerVersion: '1',
  priority: 1,
  maxAttempts: 3,
  test: false,
  createdAt: new Date(AT),
  deadline: null,
  traceId: null,
  inputDigest: 'sha256:0',
  metadata: {},
  input: {},
  retriedFrom: null,
  rerunOf: null,
  erasedAt: null,
  queue: { state: 0, attempt: 0, seq: 1, claimedAt: null },
  end: null,
  segments: [],
};
const completed = (stage: 'prepare' | 'batch'): TransitionItem => ({
  type: 'stage.completed',
  at: AT,
  stage,
  durationMs: 5,
});

function progress(items: TransitionItem[], end?: EndStatus) {
  const segments = items.length > 0 ? [{ seq: 2, n: items.length, attempt: 1, items: segmentText(items) }] : [];
  const endRow = {
    attempt: 1,
    seq: items.length + 1,
    finishedAt: AT,
    units: 0,
    deviceUs: 0,
    cancelReason: null,
    rerunVerdict: null,
    expiresAt: AT,
  };
  const job = unfoldJob({
    ...QUEUED,
    segments,
    queue: end ? null : { state: items.length > 0 ? 1 : 0, attempt: 1, seq: items.length > 0 ? 2 : 1, claimedAt: AT },
    end: end ? { ...endRow, status: END_STATUS[end], model: null, error: null, result: null, log: null } : null,
  });
  const stages = stagesOf(job);
  return [stages.map((s) => s.status).join(' '), activeStage(stages), percentOf(job, stages)];
}

describe('stages of a job', () => {
  const started: TransitionItem = { type: 'job.started', at: AT };
  const failed: TransitionItem = { type: 'stage.failed', at: AT, stage: 'batch' };

  it.each<[string, TransitionItem[], EndStatus | undefined, unknown[]]>([
    ['queued', [], undefined, ['pending pending pending pending', null, 0]],
    ['started', [started], undefined, ['active pending pending pending', 'prepare', 0]],
    ['prepared', [started, completed('prepare')], undefined, ['completed active pending pending', 'batch', 25]],
    [
      'failed',
      [started, completed('prepare'), failed, { type: 'job.failed', at: AT }],
      'failed',
      ['completed failed skipped skipped', null, 25],
    ],
    [
      'canceled while queued',
      [{ type: 'job.canceled', at: AT }],
      'canceled',
      ['canceled canceled canceled canceled', null, 0],
    ],
    ['expired', [{ type: 'job.expired', at: AT }], 'expired', ['skipped skipped skipped skipped', null, 0]],
    [
      'requeued',
      [started, completed('prepare'), { type: 'job.requeued', at: AT }],
      undefined,
      ['pending pending pending pending', null, 0],
    ],
  ])('%s', (_name, items, end, expected) => expect(progress(items, end)).toEqual(expected));
});

describe('stages of a job with two models', () => {
  const of = 2;
  const row = (stage: 'prepare' | 'batch' | 'infer' | 'interpret', number: number, items = 1): TransitionItem => ({
    type: 'stage.completed',
    at: AT,
    stage,
    durationMs: 5,
    ...(number ? { step: { number, of, items } } : {}),
  });
  const first = [{ type: 'job.started', at: AT } as const, row('prepare', 1), row('batch', 1), row('infer', 1)];
  const skipped = { ...row('infer', 2, 0), type: 'stage.skipped' } as const;
  const failed: TransitionItem = { type: 'stage.failed', at: AT, stage: 'infer', step: { number: 2, of } };

  it.each<[string, TransitionItem[], EndStatus | undefined, unknown[]]>([
    ['between the models', first, undefined, ['active completed completed pending', 'prepare', 43]],
    [
      'waiting for the second model',
      [...first, row('prepare', 2, 2), row('batch', 2, 1), row('infer', 2, 1)],
      undefined,
      ['completed active completed pending', 'batch', 57],
    ],
    [
      'with nothing for the second model',
      [...first, row('prepare', 2, 0), skipped],
      undefined,
      ['completed completed completed active', 'interpret', 86],
    ],
    [
      'failed in the second model',
      [...first, row('prepare', 2, 2), failed, { type: 'job.failed', at: AT }],
      'failed',
      ['completed completed failed skipped', null, 57],
    ],
    [
      'canceled between the models',
      [...first, { type: 'job.canceling', at: AT }, { type: 'job.canceled', at: AT }],
      'canceled',
      ['canceled completed completed canceled', null, 43],
    ],
  ])('%s', (_name, items, end, expected) => expect(progress(items, end)).toEqual(expected));
});
