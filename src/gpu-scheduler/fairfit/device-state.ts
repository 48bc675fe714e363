import { PRIORITY_BANDS } from '../work-item.js';
import type { BandAccount } from './band-account.js';
import { IndexHeap } from './index-heap.js';
import type { Item } from './item.js';
import type { LaneBand, LaneHeaps } from './lane-band.js';
import type { Work } from './work.js';

/** An inference batch that is on a device. */
export interface RunningBatch {
  readonly batch: number;
  readonly device: DeviceState;
  readonly laneBand: LaneBand;
  readonly items: readonly Item[];
  readonly rows: number;
  readonly startedAtMs: number;
  /** Predicted end, monotonic ms. */
  readonly expectedAtMs: number;
  /** When the core stops waiting for an answer, monotonic ms. */
  abandonAtMs: number;
  /** L(rows), ms. */
  readonly predictedMs: number;
  /** Load time that the batch pays, ms. */
  readonly loadMs: number;
  /** Device ms charged to each item, in their order; without the load. */
  readonly charges: readonly number[];
  readonly served: ReadonlyMap<BandAccount, { readonly rows: number }>;
  /** Ms of the lane's reference class per ms of the device. */
  readonly speed: number;
  readonly isFirstAfterLoad: boolean;
  /** Counts as a use of the model: false for a flood that runs only because nobody else can. */
  readonly isUse: boolean;
  isAbandoned: boolean;
}

/** A model on a device. */
export interface Residency {
  readonly modelVersionId: string;
  readonly bytes: number;
  readonly isPinned: boolean;
  lastUseMs: number;
  /** Load time that no batch has paid for yet, ms. */
  unpaidMs: number;
  hasRun: boolean;
  isLeaving: boolean;
}

/** A load under way, with the evictions before it. */
export interface Loading {
  readonly modelVersionId: string;
  readonly forLane: LaneBand;
  readonly bytes: number;
  readonly waitsFor: Set<string>;
  /** Null while evictions are under way. */
  startedAtMs: number | null;
}

/** Devices of one class that hold the same models share their heaps of lanes. */
export class DeviceGroup {
  members = 0;
  /** Per band, the lanes whose model is resident. */
  readonly heaps: readonly LaneHeaps[];

  /** @param id class and models */
  constructor(
    readonly id: string,
    readonly deviceClass: string,
    readonly models: readonly string[],
    work: Work,
  ) {
    this.heaps = PRIORITY_BANDS.map(() => ({
      dated: new IndexHeap<LaneBand>(work),
      undated: new IndexHeap<LaneBand>(work),
    }));
  }
}

/** One serial executor as the core sees it. */
export class DeviceState {
  isUp = true;
  deviceClass: string;
  /** Byte budget; null = the shell decides what is resident. */
  memoryBytes: number | null = null;
  running: RunningBatch | null = null;
  loading: Loading | null = null;
  /** The lane for which a model was just loaded goes first. */
  preferred: LaneBand | null = null;
  /** From dispatch to answer, ms. */
  busyMs = 0;
  /** What the runtime measured, ms. */
  runMs = 0;
  loadMs = 0;
  loads = 0;
  evictions = 0;
  readonly resident = new Map<string, Residency>();
  /** The devices that hold the same models and run them alike. */
  group: DeviceGroup;

  constructor(
    readonly id: string,
    public rank: number,
    work: Work,
  ) {
    this.deviceClass = id;
    this.group = new DeviceGroup('', id, [], work);
  }

  get isFree(): boolean {
    return this.isUp && this.running === null && this.loading === null;
  }

  /** Bytes that copies hold, also while they leave, and that a load under way has reserved. */
  get usedBytes(): number {
    let sum = this.loading && this.loading.startedAtMs !== null ? this.loading.bytes : 0;
    for (const { bytes } of this.resident.values()) sum += bytes;
    return sum;
  }

  holds(modelVersionId: string): boolean {
    return this.isUp && this.resident.get(modelVersionId)?.isLeaving === false;
  }
}
