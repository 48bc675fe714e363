import { describe, expect, it } from 'vitest';
import type { Job } from '../job.js';
import { type JobOutlook, queueReasonOf, type TenantOutlook } from '../tenant-outlook.js';
import type { DatedOutlook } from './queue-outlooks.js';
import { nextInQueue, NOTHING_KNOWN, queueOf } from './queue-view.js';

const JOB = '01a206c9-ca41-7552-a235-650c77090d29';
const AT_MS = Date.parse('2026-11-23T02:00:00.000Z');

const queued = { status: 'queued', rows: { id: JOB }, transitions: [] } as unknown as Job;
const running = { ...queued, status: 'running' } as Job;

function job(facts: Partial<JobOutlook> = {}): JobOutlook {
  return { reason: 'no_capacity', ahead: 4, start: [100, 200], run: [20, 30], fill: null, ...facts };
}

function said(outlook: Partial<TenantOutlook>, atMs = AT_MS): DatedOutlook {
  return { atMs, outlook: { tail: job(), perJob: [10, 20], jobs: {}, ...outlook } };
}

const at = (ms: number) => new Date(AT_MS + ms).toISOString();

describe('the queue of a job', () => {
  it('keeps unknown parts null', () => {
    expect(queueOf(queued, NOTHING_KNOWN)).toEqual({
      position: null,
      tenantPosition: null,
      reason: null,
      batch: null,
      estimatedStartAt: null,
      estimatedFinishAt: null,
      etaModel: null,
    });
  });

  it('tells of a job in a worker what that worker said', () => {
    const outlooks = [said({}), said({ jobs: { [JOB]: job({ reason: 'tenant_share' }) } })];
    expect(queueOf(running, { tenantPosition: null, outlooks })).toEqual({
      position: 5,
      tenantPosition: null,
      reason: 'tenant_share',
      batch: null,
      estimatedStartAt: { p50: at(100), p90: at(200) },
      estimatedFinishAt: { p50: at(120), p90: at(230) },
      etaModel: 'fairfit-1',
    });
    expect(queueOf(running, { tenantPosition: null, outlooks: [said({})] }).reason).toBeNull();
  });

  it('gives no end while another model comes after the one that works now', () => {
    const step = { number: 1, of: 2, items: 1 };
    const chain = { ...running, transitions: [{ type: 'stage.completed', stage: 'prepare', step }] } as unknown as Job;
    const outlooks = [said({ jobs: { [JOB]: job() } })];
    expect(queueOf(chain, { tenantPosition: null, outlooks })).toMatchObject({
      estimatedStartAt: { p50: at(100) },
      estimatedFinishAt: null,
    });
  });

  it('tells how a batch fills', () => {
    const filling = job({ reason: 'batch_filling', fill: { filled: 5, target: 8, inMs: 120 } });
    expect(queueOf(running, { tenantPosition: null, outlooks: [said({ jobs: { [JOB]: filling } })] })).toMatchObject({
      reason: 'batch_filling',
      batch: { filled: 5, target: 8, flushAt: at(120) },
    });
  });

  it("puts a job that no worker has behind the tenant's last one and those before it", () => {
    const facts = { tenantPosition: 6, outlooks: [said({ tail: job({ reason: 'tenant_share' }) })] };
    expect(queueOf(queued, facts)).toMatchObject({
      position: null,
      tenantPosition: 6,
      reason: 'tenant_share',
      estimatedStartAt: { p50: at(100 + 60), p90: at(200 + 120) },
      estimatedFinishAt: { p50: at(180), p90: at(350) },
    });
  });

  it('adds the rates of several workers, from the one that is free first', () => {
    const later = said({ tail: job({ start: [400, 500] }) });
    const facts = { tenantPosition: 6, outlooks: [later, said({})] };
    expect(queueOf(queued, facts).estimatedStartAt).toEqual({ p50: at(100 + 30), p90: at(200 + 60) });
  });

  it('gives a reason without an estimate while a worker knows no times', () => {
    const facts = { tenantPosition: 6, outlooks: [said({ tail: job({ start: null, run: null }), perJob: null })] };
    expect(queueOf(queued, facts)).toMatchObject({ reason: 'no_capacity', estimatedStartAt: null, etaModel: null });
    const far = { tenantPosition: null, outlooks: [said({})] };
    expect(queueOf(queued, far)).toMatchObject({ reason: 'no_capacity', estimatedStartAt: null });
  });

  it('tells a job that is not there yet what it would wait for, never before now', () => {
    expect(nextInQueue(NOTHING_KNOWN, AT_MS)).toBeNull();
    const facts = { tenantPosition: 6, outlooks: [said({ tail: job({ reason: 'batch_filling' }) })] };
    expect(nextInQueue(facts, AT_MS + 150)).toEqual({ reason: 'no_capacity', start: [10, 170], finish: [30, 200] });
    expect(nextInQueue(facts, AT_MS + 300)).toEqual({ reason: 'no_capacity', start: [0, 20], finish: [0, 50] });
    const unknown = { tenantPosition: 6, outlooks: [said({ perJob: null })] };
    expect(nextInQueue(unknown, AT_MS)).toEqual({ reason: 'no_capacity', start: null, finish: null });
  });

  it('says each reason of the scheduler in the words of the API', () => {
    expect((['deadline', 'tenant_share', 'quota', 'batch_filling'] as const).map(queueReasonOf)).toEqual([
      'tenant_share',
      'tenant_share',
      'quota',
      'batch_filling',
    ]);
    const capacity = ['device_busy', 'lane_turn', 'higher_band', 'model_loading'] as const;
    expect(new Set(capacity.map(queueReasonOf))).toEqual(new Set(['no_capacity']));
  });
});
