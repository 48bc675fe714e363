import { FairQueue } from './fair-queue.js';
import { HeapSlot, type IndexHeap } from './index-heap.js';
import type { Lane } from './lane.js';
import { Epoch } from './wait-clock.js';
import type { Work } from './work.js';

/** Lanes of a device group or a band in the order of their latest safe start. */
export interface LaneHeaps {
  readonly dated: IndexHeap<LaneBand>;
  readonly undated: IndexHeap<LaneBand>;
}

/** A lane's place in the heaps of one device group that holds its model. */
export interface Place {
  readonly deviceClass: string;
  readonly heaps: LaneHeaps;
  readonly dated: HeapSlot<LaneBand>;
  readonly undated: HeapSlot<LaneBand>;
}

/** The items of one band in one lane. */
export class LaneBand {
  readonly dated: FairQueue;
  readonly undated: FairQueue;
  /** By device group. */
  readonly places = new Map<string, Place>();
  /** Place by the instant at which the first dated item can no longer be served. */
  readonly expiry: HeapSlot<LaneBand>;
  /** Place among the lanes of the band whose model the core may load. */
  readonly demand: HeapSlot<LaneBand>;
  /** U(min(n, static target)) of the lane, ms: its part of the band's work; 0 while it is empty. */
  workMs = 0;
  epoch = new Epoch();
  /** End of a hold, monotonic ms. */
  heldUntilMs: number | null = null;

  constructor(
    readonly number: number,
    readonly lane: Lane,
    readonly band: number,
    work: Work,
  ) {
    this.dated = new FairQueue(number, work);
    this.undated = new FairQueue(number, work);
    this.expiry = new HeapSlot<LaneBand>(this, number);
    this.demand = new HeapSlot<LaneBand>(this, number);
  }

  get items(): number {
    return this.dated.items.length + this.undated.items.length;
  }

  get rows(): number {
    return this.dated.items.units + this.undated.items.units;
  }

  /** Virtual time of the tenant that was served least, of those that may run; Infinity when there is none. */
  get leastVtimeMs(): number {
    const dated = this.dated.least()?.account.vtimeMs ?? Infinity;
    const undated = this.undated.least()?.account.vtimeMs ?? Infinity;
    return Math.min(dated, undated);
  }

  placeIn(group: string, deviceClass: string, heaps: LaneHeaps): void {
    if (this.places.has(group)) return;
    const dated = new HeapSlot<LaneBand>(this, this.number);
    const undated = new HeapSlot<LaneBand>(this, this.number);
    this.places.set(group, { deviceClass, heaps, dated, undated });
  }

  leave(group: string): void {
    const place = this.places.get(group);
    if (!place) return;
    place.heaps.dated.remove(place.dated);
    place.heaps.undated.remove(place.undated);
    this.places.delete(group);
  }
}
