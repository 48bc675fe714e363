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
  /** What becomes of an item whose deadline cannot be met: rejected (default), or queued on without a deadline. */
  readonly deadlineAction?: 'fail' | 'demote';
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

/** What a model needs and costs before it was ever loaded here. */
export interface ModelFacts {
  readonly modelVersionId: string;
  /** Device memory of one resident copy. */
  readonly sizeBytes: number;
  /** Expected time of a load, ms; learned from then on. */
  readonly loadMs: number;
  /** Never evicted. Default false. */
  readonly pinned?: boolean;
  /** Devices that can run the model; default all that have a byte budget. */
  readonly devices?: readonly string[];
  /** Copies over all devices. Default: one per device. */
  readonly maxCopies?: number;
  /** Usual relative deadline of its lanes until dated items tell, ms. */
  readonly sloMs?: number;
  /** Warm-up profiles per device class; a load reports its own, which replace these. */
  readonly profiles?: readonly { readonly deviceClass: string; readonly profiles: readonly SeedProfile[] }[];
}

/** What survives a restart: who was how far ahead of its share, and what runs cost. Plain JSON. */
export interface CoreState {
  readonly accounts: readonly {
    readonly tenantId: string;
    readonly weight: number;
    readonly chargedDeviceMs: number;
    /** v - V per band, ms per weight. */
    readonly lagMs: Readonly<Record<PriorityBand, number>>;
  }[];
  readonly costs: readonly {
    readonly modelVersionId: string;
    readonly shapeBucket: string;
    readonly deviceClass: string;
    readonly a: number;
    readonly c: number;
    readonly sigma: number;
  }[];
}

/** Everything that can happen to the core. No event, no command. */
export type SchedulerEvent =
  | { readonly type: 'enqueue'; readonly item: EnqueuedItem }
  /** Items of one moment: none leaves before all are queued, so that they may leave together. */
  | { readonly type: 'enqueueAll'; readonly items: readonly EnqueuedItem[] }
  /** `deviceMs`: time that the batch really took on the device. */
  | { readonly type: 'completed'; readonly batch: number; readonly deviceMs: number }
  /**
   * The inference batch failed as a whole; the shell rejects its items. `cause` tells who pays: the items for a fault
   * of their `input`, the platform for a fault of the `device` (default), which refunds them.
   */
  | { readonly type: 'failed'; readonly batch: number; readonly cause?: 'input' | 'device'; readonly deviceMs?: number }
  | { readonly type: 'cancel'; readonly itemId: string }
  /**
   * `rank`: among free devices the lowest is used first. Devices of one `deviceClass` share cost models; default: the
   * device is a class of its own. `memoryBytes`: byte budget for models that the core loads and evicts itself; absent
   * = the shell decides what is resident and tells it with `loaded`.
   */
  | {
      readonly type: 'deviceUp';
      readonly device: string;
      readonly rank: number;
      readonly deviceClass?: string;
      readonly memoryBytes?: number;
    }
  /** Forgets what was resident; a running batch still reports its own end. */
  | { readonly type: 'deviceDown'; readonly device: string }
  /** The core may load this model by `loadModel`, also one that was `unavailable`. Repeat to change it. */
  | { readonly type: 'model'; readonly model: ModelFacts }
  /** A copy is resident, asked for or not. `loadMs`: what the load took; `sizeBytes`: what it really holds. */
  | {
      readonly type: 'loaded';
      readonly device: string;
      readonly modelVersionId: string;
      readonly profiles: readonly SeedProfile[];
      readonly loadMs?: number;
      readonly sizeBytes?: number;
      /** This copy is never evicted. Default: what the model says. */
      readonly pinned?: boolean;
    }
  /** Answer to `loadModel`. The core tries again with exponential back-off, from 1 s to 60 s. */
  | { readonly type: 'loadFailed'; readonly device: string; readonly modelVersionId: string; readonly why: string }
  /** Answer to `unloadModel`, or the copy is gone by itself: its bytes are free now. */
  | { readonly type: 'unloaded'; readonly device: string; readonly modelVersionId: string }
  /** No device can load the model for now; `loaded` takes it back. */
  | { readonly type: 'unavailable'; readonly modelVersionId: string; readonly why: string }
  /** After a start, before the first item: what an earlier process exported. */
  | { readonly type: 'restore'; readonly state: CoreState }
  /** Admission ends now; what is still queued at `untilMs` is rejected. */
  | { readonly type: 'drain'; readonly untilMs: number }
  | { readonly type: 'timer' };
