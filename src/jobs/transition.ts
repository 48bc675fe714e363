import type { DispatchReason, WaitReason } from '../gpu-scheduler/work-item.js';
import type { JobStatus } from './job-status.js';

/** Stages in order. */
export const STAGES = ['prepare', 'batch', 'infer', 'interpret'] as const;
export type Stage = (typeof STAGES)[number];

export const TRANSITION_TYPES = [
  'job.queued',
  'job.started',
  'stage.completed',
  'stage.failed',
  'stage.skipped',
  'job.requeued',
  'job.canceling',
  'job.succeeded',
  'job.failed',
  'job.canceled',
  'job.expired',
] as const;
export type TransitionType = (typeof TRANSITION_TYPES)[number];

/** Proof of one execution: what the API shows on `stage.completed` of `infer`, and what a replay of the record needs. */
export interface Execution {
  readonly inferenceBatchId: string;
  readonly batchSize: number;
  readonly slot: number;
  /**
   * Rows of the job itself, and the shape that they have; only in the record. Absent in rows of before they were kept. Of a
   * step of a chain all its rows in this inference batch, `slot` being the first one's.
   */
  readonly size?: number;
  readonly shapeBucket?: string;
  /** Why its inference batch left, what the run was expected to take, and why it waited; only in the record too. */
  readonly dispatchReason?: DispatchReason;
  readonly predictedMs?: number;
  readonly waits?: readonly { readonly reason: WaitReason; readonly ms: number }[];
  readonly batchWaitMs: number;
  readonly device: string;
  readonly deviceType: string;
  readonly runtime: string;
  readonly workerId: string;
  readonly model: { readonly id: string; readonly name: string; readonly version: string; readonly digest: string };
}

/** Why an attempt or a job failed. `code` is one of the job error codes of the API. */
export interface JobError {
  readonly code: string;
  readonly message: string;
  readonly stage: Stage | null;
  readonly retryable: boolean;
  readonly attempt: number;
}

/** Where in a chain of models a transition of `prepare`, `batch` or `infer` belongs. */
export interface ChainPlace {
  /** The step, from 1. */
  readonly number: number;
  /** Steps of the chain. */
  readonly of: number;
  /**
   * Items that the transition is about. Of `prepare`: all of the step. Of `batch` and `infer`: those in one inference
   * batch; there is one row for each inference batch, until all items are through. Absent when the step failed.
   */
  readonly items?: number;
}

/** A transition as it is stored: `seq`, `attempt` and `status` follow from its place. Times are ISO 8601. */
export interface TransitionItem {
  readonly type: TransitionType;
  readonly at: string;
  readonly stage?: Stage;
  readonly enteredAt?: string;
  readonly durationMs?: number;
  readonly message?: string;
  readonly error?: JobError;
  readonly execution?: Execution;
  /** Absent for an analyzer with one model. */
  readonly step?: ChainPlace;
}

/** A transition with its place in the job's life. */
export interface Transition extends TransitionItem {
  readonly seq: number;
  readonly attempt: number;
  /** Status of the job after this transition. */
  readonly status: JobStatus;
}

const STATUS_AFTER: Partial<Record<TransitionType, JobStatus>> = {
  'job.queued': 'queued',
  'job.started': 'running',
  'job.requeued': 'queued',
  'job.canceling': 'canceling',
  'job.succeeded': 'succeeded',
  'job.failed': 'failed',
  'job.canceled': 'canceled',
  'job.expired': 'expired',
};

/** Status of a job after a transition, given the one before; a stage's end changes nothing. */
export function statusAfter(type: TransitionType, before: JobStatus): JobStatus {
  return STATUS_AFTER[type] ?? before;
}

/** The text form of a segment: items joined by commas (`job_timeline.items`). */
export function segmentText(items: readonly TransitionItem[]): string {
  return items.map((i) => JSON.stringify(i)).join(',');
}

/** The items of a segment's text form. */
export function parseSegment(text: string): TransitionItem[] {
  return JSON.parse(`[${text}]`) as TransitionItem[];
}
