import { PRIORITY_BANDS } from '../work-item.js';
import type { BandAccount } from './band-account.js';
import { BandWork } from './band-work.js';
import { Band } from './band.js';
import type { EnqueuedItem } from './events.js';
import type { FairQueue } from './fair-queue.js';
import { IndexHeap } from './index-heap.js';
import type { Item } from './item.js';
import { LaneBand } from './lane-band.js';
import { Lane, laneId } from './lane.js';
import type { ModelState } from './model-state.js';
import type { FairFitOptions } from './options.js';
import type { Work } from './work.js';

/**
 * Books of everything that is queued: lanes, bands, accounts, and the heaps over them. Each change costs O(log n) per
 * device that holds the lane's model; nothing here looks at all lanes or all items.
 */
export class Queues {
  readonly lanes = new Map<string, Lane>();
  /** By number; a lane has one per band, in a row. */
  readonly laneBands: LaneBand[] = [];
  private readonly bandsByLane: (readonly LaneBand[])[] = [];
  readonly bands: readonly Band[];
  readonly work: readonly BandWork[];
  /** Lanes with dated items, by the instant at which their first item can no longer be served. */
  readonly expiry: IndexHeap<LaneBand>;

  constructor(
    private readonly options: FairFitOptions,
    private readonly steps: Work,
  ) {
    this.bands = PRIORITY_BANDS.map((name, index) => new Band(index, options.bandFloors[name], steps));
    this.work = this.bands.map((band) => new BandWork(band, steps));
    this.expiry = new IndexHeap<LaneBand>(steps);
  }

  /** The lane of an item; made when it is the first. */
  lane(facts: EnqueuedItem, model: ModelState): Lane {
    const id = laneId(facts);
    let lane = this.lanes.get(id);
    if (lane) return lane;
    const first = this.laneBands.length;
    lane = new Lane(facts, model, facts.maxBatchSize, first, this.options.defaultSloMs);
    this.lanes.set(id, lane);
    for (const band of PRIORITY_BANDS.keys()) this.laneBands.push(new LaneBand(first + band, lane, band, this.steps));
    this.bandsByLane.push(this.laneBands.slice(first));
    return lane;
  }

  /** The bands of a lane, highest first. */
  bandsOf({ firstBand }: Lane): readonly LaneBand[] {
    return this.bandsByLane[firstBand / PRIORITY_BANDS.length] ?? [];
  }

  home(item: Item): LaneBand {
    return this.laneBands[item.home] as LaneBand;
  }

  queueOf(item: Item): FairQueue {
    const home = this.home(item);
    return item.isDated ? home.dated : home.undated;
  }

  add(item: Item): void {
    const { account } = item;
    const band = this.bands[account.band] as Band;
    const wasIdle = account.queuedItems === 0;
    this.count(item, 1);
    if (wasIdle) band.activate(account);
    this.queueOf(item).push(item);
    this.settle(account);
    this.reindex(this.home(item));
  }

  /** Takes an item out of every book. */
  remove(item: Item): void {
    this.detach(item);
    this.settle(item.account);
    this.reindex(this.home(item));
  }

  /** Takes an item out of its queue only; `settle` its account and `reindex` its lane before anything else happens. */
  detach(item: Item): void {
    this.queueOf(item).remove(item);
    this.count(item, -1);
  }

  /** An account was served in a lane: its place there follows its virtual time, also where it had run ahead. */
  rekey(account: BandAccount, laneBand: LaneBand): void {
    for (const queue of [laneBand.dated, laneBand.undated]) {
      const own = queue.byTenant.get(account);
      if (own && own.byVtime.at >= 0) queue.byVtime.set(own.byVtime, account.vtimeMs);
    }
  }

  /** Puts an account where its numbers belong. */
  settle(account: BandAccount): void {
    const band = this.bands[account.band] as Band;
    if (account.datedItems > 0) band.byLoad.follow(account.byLoad, account.datedMs / account.tenant.weight);
    else band.byLoad.remove(account.byLoad);
    if (account.queuedItems > 0) return band.place(account);
    if (account.byWeight.at >= 0) band.deactivate(account);
  }

  /** Puts a lane where its items, its costs and its devices say. */
  reindex(laneBand: LaneBand): void {
    const { dated, undated, lane } = laneBand;
    const head = dated.items.first();
    const oldest = undated.items.first();
    const mayRunDated = head !== null && dated.byVtime.length > 0;
    const mayRunUndated = oldest !== null && undated.byVtime.length > 0;
    const rows = Math.min(dated.items.units, lane.maxBatchSize);
    for (const place of laneBand.places.values()) {
      const { heaps } = place;
      this.steps.steps += 1;
      if (mayRunDated) heaps.dated.set(place.dated, head.dueMs - this.boundMs(lane, rows, place.deviceClass));
      else heaps.dated.remove(place.dated);
      if (mayRunUndated) heaps.undated.set(place.undated, oldest.dueMs);
      else heaps.undated.remove(place.undated);
    }
    const { dated: demand } = (this.bands[laneBand.band] as Band).demand;
    if (lane.model.facts && (mayRunDated || mayRunUndated)) demand.set(laneBand.demand, (head ?? oldest)?.dueMs ?? 0);
    else demand.remove(laneBand.demand);
    if (head) this.expiry.set(laneBand.expiry, head.dueMs - lane.leastUpperMs(head.facts.size));
    else this.expiry.remove(laneBand.expiry);
    (this.work[laneBand.band] as BandWork).update(laneBand);
  }

  /** Lets the queues compete again that were set aside while their tenant was at its limit. */
  unpark(accounts: readonly BandAccount[]): void {
    for (const account of accounts) {
      if (account.queuedItems === 0) continue;
      (this.bands[account.band] as Band).place(account);
      const parked = [...account.parked];
      account.parked.clear();
      for (const queue of parked) {
        queue.unpark();
        this.reindex(this.laneBands[queue.home] as LaneBand);
      }
    }
  }

  /** The model of a lane became resident or ceased to be: its items count in its tenants' turns, or do not. */
  setResident(lane: Lane, isResident: boolean): void {
    for (const laneBand of this.bandsOf(lane)) {
      for (const queue of [laneBand.dated, laneBand.undated]) {
        for (const [account, { items }] of queue.byTenant) {
          account.residentItems += isResident ? items.length : -items.length;
          this.settle(account);
        }
      }
      this.reindex(laneBand);
    }
  }

  /** U of the batch that the lane could send at most; no more than its SLO, which no dated batch outlives. */
  private boundMs(lane: Lane, rows: number, deviceClass: string): number {
    return Math.min(lane.cost(deviceClass).upperMs(rows), lane.sloMs);
  }

  private count(item: Item, sign: 1 | -1): void {
    const { account, facts } = item;
    const band = this.bands[account.band] as Band;
    const { lane } = this.home(item);
    lane.queuedRows += sign * facts.size;
    account.queuedItems += sign;
    account.queuedRows += sign * facts.size;
    account.queuedMs = account.queuedItems === 0 ? 0 : account.queuedMs + sign * item.queuedMs;
    band.queuedMs = Math.max(0, band.queuedMs + sign * item.queuedMs);
    if (lane.model.copies > 0) account.residentItems += sign;
    if (item.isDated) account.countDated(item.queuedMs, item.sloClass, sign);
    else band.undatedItems += sign;
  }
}
