import type { DispatchReason, WaitReason } from '../gpu-scheduler/work-item.js';
import type { SchedulerDecisionDto } from './dto/scheduler-decision.dto.js';
import type { StoredSegment } from './job-history.repository.js';
import type { WorkerStats } from './worker-stats.repository.js';

/** What a stored transition says of the run of its job; the last ones are absent in records of before they were kept. */
interface StoredRun {
  readonly inferenceBatchId: string;
  readonly batchSize: number;
  readonly slot: number;
  readonly batchWaitMs: number;
  readonly device: string;
  readonly workerId: string;
  readonly model: { readonly id: string };
  readonly size?: number;
  readonly shapeBucket?: string;
  readonly dispatchReason?: DispatchReason;
  readonly predictedMs?: number;
  readonly waits?: readonly { readonly reason: WaitReason; readonly ms: number }[];
}

/** The latest dispatches of all workers, newest first. */
export function latestDecisions(workers: readonly (WorkerStats | null)[]): SchedulerDecisionDto[] {
  return workers
    .flatMap((stats) => (stats?.dispatches ?? []).map((dispatch) => ({ ...dispatch, workerId: stats?.workerId ?? '' })))
    .toSorted((a, b) => b.at.localeCompare(a.at))
    .map(({ loadMs: _loadMs, ...dispatch }) => ({ ...dispatch, inferenceBatchId: null, job: null }));
}

/** The inference batches that ran a job, one for each attempt that came so far. @param jobId public id */
export function decisionsOfJob(jobId: string, segments: readonly StoredSegment[]): SchedulerDecisionDto[] {
  return segments.flatMap(({ attempt, items }) => {
    const transitions = JSON.parse(`[${items}]`) as { readonly enteredAt?: string; readonly execution?: StoredRun }[];
    return transitions.flatMap(({ enteredAt, execution }) =>
      execution ? [decisionOf(jobId, attempt, enteredAt ?? '', execution)] : [],
    );
  });
}

function decisionOf(jobId: string, attempt: number, at: string, run: StoredRun): SchedulerDecisionDto {
  return {
    at,
    workerId: run.workerId,
    device: run.device,
    lane: `${run.model.id}/${run.shapeBucket ?? 'any'}`,
    inferenceBatchId: run.inferenceBatchId,
    band: null,
    rows: run.batchSize,
    items: null,
    dispatchReason: run.dispatchReason ?? null,
    predictedMs: run.predictedMs ?? null,
    job: {
      jobId,
      attempt,
      slot: run.slot,
      rows: run.size ?? null,
      batchWaitMs: run.batchWaitMs,
      waits: [...(run.waits ?? [])],
    },
  };
}
