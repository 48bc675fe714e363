import type { WaitReason } from '../gpu-scheduler/work-item.js';

/** Why a job waits, as clients are told. */
export const QUEUE_REASONS = ['tenant_share', 'batch_filling', 'no_capacity', 'quota'] as const;
export type QueueReason = (typeof QUEUE_REASONS)[number];

/** Name of the model behind the estimates: the scheduler's own costs, calibrated by its last waits. */
export const ETA_MODEL = 'fairfit-1';

/** Median and ninth decile of a time, ms. */
export type Range = readonly [p50: number, p90: number];

/** Where a job stands that is in a worker's queue. */
export interface JobOutlook {
  readonly reason: QueueReason;
  /** Rows of its lane that go before it. */
  readonly ahead: number;
  /** Until its batch starts; null while nobody knows. */
  readonly start: Range | null;
  /** Of that batch. */
  readonly run: Range | null;
  /** Set with `batch_filling`. */
  readonly fill: { readonly filled: number; readonly target: number; readonly inMs: number } | null;
}

/** What one worker says of the waiting jobs of one tenant, at one instant. */
export interface TenantOutlook {
  /** Of the job that came to the worker last: what a job that is not there yet waits for too. */
  readonly tail: JobOutlook;
  /** Time per further job. */
  readonly perJob: Range | null;
  /** By job, uuid. */
  readonly jobs: Readonly<Record<string, JobOutlook>>;
}

const REASON_OF: Readonly<Record<WaitReason, QueueReason>> = {
  device_busy: 'no_capacity',
  lane_turn: 'no_capacity',
  higher_band: 'no_capacity',
  model_loading: 'no_capacity',
  tenant_share: 'tenant_share',
  deadline: 'tenant_share',
  batch_filling: 'batch_filling',
  quota: 'quota',
};

/** The scheduler's reason in the words of the API. */
export function queueReasonOf(reason: WaitReason): QueueReason {
  return REASON_OF[reason];
}
