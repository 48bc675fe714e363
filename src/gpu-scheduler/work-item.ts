import type { OutputMap, TensorMap } from '../inference/tensor.js';

export const PRIORITY_BANDS = ['interactive', 'standard', 'bulk'] as const;
export type PriorityBand = (typeof PRIORITY_BANDS)[number];

/**
 * Why an inference batch left when it did, with the size it has: it reached its target or the model's limit (`full`), a
 * deadline bounds it (`deadline`), items that would have shrunk it were passed over (`shed`), it took all there was
 * (`device_free`), a larger one of undated work would pay no more (`knee`), the reserved share of its band (`floor`), the
 * end of a hold (`hold_end`), the model was loaded for it (`load`), the worker stops (`drain`).
 */
export type DispatchReason =
  'full' | 'deadline' | 'shed' | 'device_free' | 'knee' | 'floor' | 'hold_end' | 'load' | 'drain';

/**
 * Why an item waited: no free device (`device_busy`), a more urgent lane (`lane_turn`) or a higher band (`higher_band`)
 * went first, the model is not resident (`model_loading`), others of its lane went first by share (`tenant_share`) or
 * because its deadline would have shrunk the batch (`deadline`), a hold (`batch_filling`), its tenant's own limit
 * (`quota`).
 */
export type WaitReason =
  | 'tenant_share'
  | 'batch_filling'
  | 'device_busy'
  | 'lane_turn'
  | 'higher_band'
  | 'model_loading'
  | 'quota'
  | 'deadline';

/** What becomes of an item whose deadline cannot be met: it is rejected, or it stays queued without a deadline. */
export type DeadlineAction = 'fail' | 'demote';

/** One unit of work, submitted for one attempt of one job. The scheduler knows a tenant as a string and a weight. */
export interface WorkItem {
  /** Job id + attempt; opaque here. */
  readonly itemId: string;
  readonly tenantId: string;
  readonly weight: number;
  readonly band: PriorityBand;
  readonly limits?: { readonly maxEnqueued?: number; readonly maxInFlight?: number };
  /** `alone` runs in a lane of its own with batches of one: the retry after a crash. */
  readonly lane: { readonly modelVersionId: string; readonly shapeBucket: string; readonly alone?: boolean };
  /** Rows. */
  readonly size: number;
  /** Never read by the core. */
  readonly input: TensorMap;
  /** Epoch ms; absent = undated. */
  readonly deadlineAt?: number;
  /** Default: the settings'. */
  readonly deadlineAction?: DeadlineAction;
  readonly traceparent?: string;
}

/** The proof of one execution. Times are epoch ms, durations ms. */
export interface Receipt {
  readonly inferenceBatchId: string;
  readonly batchSize: number;
  /** Position of the item's first row in the inference batch, from 0. */
  readonly slot: number;
  /** Rows of the item itself. */
  readonly size: number;
  readonly shapeBucket: string;
  readonly device: string;
  readonly deviceType: string;
  readonly runtime: string;
  readonly workerId: string;
  readonly model: { readonly id: string; readonly name: string; readonly version: string; readonly digest: string };
  readonly lane: string;
  readonly enqueuedAt: number;
  readonly dispatchedAt: number;
  readonly startedAt: number;
  readonly finishedAt: number;
  readonly batchWaitMs: number;
  readonly loadMs: number;
  readonly computeMs: number;
  readonly predictedMs: number;
  readonly chargedDeviceMs: number;
  readonly dispatchReason: DispatchReason;
  /** Adds up to batchWaitMs. */
  readonly waits: readonly { readonly reason: WaitReason; readonly ms: number }[];
}

/** What `submit` resolves with. */
export interface Completed {
  readonly output: OutputMap;
  readonly receipt: Receipt;
}
