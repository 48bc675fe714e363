import type { PriorityBand } from '../work-item.js';

/** What the core knows of an item. Plain data: it goes into the decision log. Times are monotonic ms. */
export interface EnqueuedItem {
  readonly itemId: string;
  readonly tenantId: string;
  readonly weight: number;
  readonly band: PriorityBand;
  readonly modelVersionId: string;
  readonly shapeBucket: string;
  /** Runs in a lane of its own, one item per inference batch. */
  readonly alone: boolean;
  /** Rows. */
  readonly size: number;
  /** Largest inference batch of the model, rows. */
  readonly maxBatchSize: number;
  /** Monotonic ms; null = undated. */
  readonly deadlineMs: number | null;
  /** Rows that the tenant may have queued. */
  readonly maxEnqueued: number;
  /** Items of the tenant that may run at once; null = no limit. */
  readonly maxInFlight: number | null;
}

/** Warm-up result of one shape bucket: L(b) = a*b + c in ms, b in rows. */
export interface SeedProfile {
  readonly shapeBucket: string;
  readonly a: number;
  readonly c: number;
  readonly samples: readonly { readonly size: number; readonly ms: number }[];
}

/** Everything that can happen to the core. No event, no command. */
export type SchedulerEvent =
  | { readonly type: 'enqueue'; readonly item: EnqueuedItem }
  | { readonly type: 'completed'; readonly batch: number; readonly deviceMs: number }
  /** The inference batch failed as a whole; the shell rejects its items. */
  | { readonly type: 'failed'; readonly batch: number }
  | { readonly type: 'cancel'; readonly itemId: string }
  /** `rank`: among free devices the lowest is used first. */
  | { readonly type: 'deviceUp'; readonly device: string; readonly rank: number }
  /** Forgets what was resident; a running batch still reports its own end. */
  | { readonly type: 'deviceDown'; readonly device: string }
  | {
      readonly type: 'loaded';
      readonly device: string;
      readonly modelVersionId: string;
      readonly profiles: readonly SeedProfile[];
    }
  /** No device can load the model for now; `loaded` takes it back. */
  | { readonly type: 'unavailable'; readonly modelVersionId: string; readonly why: string }
  /** Admission ends now; what is still queued at `untilMs` is rejected. */
  | { readonly type: 'drain'; readonly untilMs: number }
  | { readonly type: 'timer' };
