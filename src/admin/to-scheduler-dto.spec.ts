import { describe, expect, it } from 'vitest';
import { toSchedulerDto } from './to-scheduler-dto.js';
import type { WorkerStats } from './worker-stats.repository.js';

const HOLDER = {
  kind: 'session',
  name: 'nightly report',
  pid: 7,
  role: 'analyst',
  state: 'active',
  since: null,
  ageXids: 9,
} as const;
const worker = (oldestXminMs: number, alarm: boolean): WorkerStats =>
  ({
    workerId: 'w',
    devices: [],
    lanes: [],
    database: { oldestXminMs, alarm, holder: HOLDER, seesAll: true },
  }) as unknown as WorkerStats;

describe('toSchedulerDto', () => {
  it('tells of an old snapshot as the worker saw it that has watched longest', () => {
    const dto = toSchedulerDto([null, worker(61_000, true), worker(95_000.4, true), worker(3_000, false)]);
    const { since: _since, ageXids: _ageXids, ...shown } = HOLDER;
    expect(dto).toMatchObject({ workers: 4, oldSnapshot: { ageMs: 95_000, ...shown } });
    expect(dto.oldSnapshot).not.toHaveProperty('since');
  });

  it('tells how good estimated starts were', () => {
    const eta = { samples: 256, p50Ratio: 1, p90Ratio: 2, p90Coverage: 0.90625, medianErrorMs: 12.4 };
    const dto = toSchedulerDto([{ ...worker(0, false), eta }, worker(0, false)]);
    expect(dto.eta).toEqual([{ workerId: 'w', samples: 256, coverageP90: 0.906, medianAbsErrorMs: 12 }]);
  });

  it('is silent while every snapshot is young, and about workers of an older build', () => {
    const old = { workerId: 'w', devices: [], lanes: [] } as unknown as WorkerStats;
    expect(toSchedulerDto([worker(3_000, false), old]).oldSnapshot).toBeNull();
  });
});
