import { describe, expect, it } from 'vitest';
import { decisionsOfJob, latestDecisions } from './to-decision-dto.js';
import type { WorkerStats } from './worker-stats.repository.js';

const JOB = 'job_01m8323e5rfbnv28231hc5mh2z';
const RUN = {
  inferenceBatchId: 'ib_01m8323d6gf9er06eqpc9kvzxj',
  batchSize: 8,
  slot: 5,
  batchWaitMs: 67,
  device: 'cpu:0',
  workerId: 'w',
  model: { id: 'mdl_01m8323e5rf42rbk4qyzd4e5r5' },
};

describe('decisionsOfJob', () => {
  it('tells of each attempt where it ran and why it waited', () => {
    const waits = [{ reason: 'tenant_share', ms: 67 }];
    const execution = { ...RUN, size: 2, shapeBucket: '192x32', dispatchReason: 'knee', predictedMs: 40, waits };
    const ran = JSON.stringify({
      type: 'stage.completed',
      stage: 'infer',
      enteredAt: '2026-11-23T02:00:01.118Z',
      execution,
    });
    const segments = [
      { attempt: 1, items: `{"type":"job.started"},${ran}` },
      { attempt: 2, items: '{"type":"job.started"}' },
    ];
    expect(decisionsOfJob(JOB, segments)).toMatchObject([
      {
        at: '2026-11-23T02:00:01.118Z',
        lane: 'mdl_01m8323e5rf42rbk4qyzd4e5r5/192x32',
        dispatchReason: 'knee',
        job: { jobId: JOB, attempt: 1, rows: 2, batchWaitMs: 67, waits },
      },
    ]);
  });

  it('reads records of before reasons were kept', () => {
    const items = JSON.stringify({ type: 'stage.completed', enteredAt: '2026-11-23T02:00:01.118Z', execution: RUN });
    expect(decisionsOfJob(JOB, [{ attempt: 1, items }])).toMatchObject([{ dispatchReason: null, job: { waits: [] } }]);
  });
});

describe('latestDecisions', () => {
  it('merges the workers, newest first', () => {
    const dispatch = {
      device: 'cpu:0',
      lane: 'l',
      band: 'bulk',
      items: 1,
      rows: 1,
      dispatchReason: 'full',
      predictedMs: 1,
      loadMs: 0,
    };
    const worker = (workerId: string, ...at: string[]) =>
      ({ workerId, dispatches: at.map((when) => ({ ...dispatch, at: when })) }) as unknown as WorkerStats;
    const merged = latestDecisions([
      null,
      worker('a', '03', '01'),
      worker('b', '02'),
      { workerId: 'old' } as WorkerStats,
    ]);
    expect(merged.map(({ workerId, at }) => workerId + at)).toEqual(['a03', 'b02', 'a01']);
    expect(merged[0]).toMatchObject({ inferenceBatchId: null, job: null, band: 'bulk' });
    expect(merged[0]).not.toHaveProperty('loadMs');
  });
});
