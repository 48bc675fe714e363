import type { Band } from './band.js';
import type { LaneBand } from './lane-band.js';
import type { Work } from './work.js';

/** All terms are rebuilt when the number of lanes moved by 1/16: each at once up to 16 lanes, amortized O(1) above. */
const REBUILD_PART = 16;

/**
 * The work that the lanes of a band really hold: W = sum of U(min(n, b)) over its lanes, where b is the largest batch
 * with which M full lanes in a regular cycle over N devices still meet their SLO. Kept up to date per lane.
 */
export class BandWork {
  /** Largest SLO among the lanes, ms. */
  largestSloMs = 0;
  private totalMs = 0;
  private builtFor = 0;

  constructor(
    private readonly band: Band,
    private readonly work: Work,
  ) {}

  /** Work of the other lanes, ms of their reference classes. */
  othersMs(own: LaneBand): number {
    return Math.max(0, this.totalMs - own.workMs);
  }

  /** The lane's queue, cost or SLO changed. */
  update(laneBand: LaneBand): void {
    const { lanes } = this.band;
    const hasWork = laneBand.dated.items.length > 0 && laneBand.lane.model.isReachable;
    if (hasWork) lanes.add(laneBand);
    else lanes.delete(laneBand);
    if (Math.abs(lanes.size - this.builtFor) * REBUILD_PART >= Math.max(1, this.builtFor))
      return this.rebuild(laneBand);
    this.count(laneBand, hasWork);
  }

  private count(laneBand: LaneBand, hasWork: boolean): void {
    const workMs = hasWork ? this.termOf(laneBand) : 0;
    this.totalMs += workMs - laneBand.workMs;
    laneBand.workMs = workMs;
    if (hasWork) this.largestSloMs = Math.max(this.largestSloMs, laneBand.lane.sloMs);
  }

  private rebuild(changed: LaneBand): void {
    this.builtFor = this.band.lanes.size;
    this.totalMs = 0;
    this.largestSloMs = 0;
    changed.workMs = 0;
    for (const laneBand of this.band.lanes) {
      this.work.steps += 1;
      laneBand.workMs = 0;
      this.count(laneBand, true);
    }
  }

  private termOf(laneBand: LaneBand): number {
    const cost = laneBand.lane.referenceCost;
    if (!cost) return 0;
    return cost.upperMs(Math.min(laneBand.dated.items.units, this.staticTarget(laneBand)));
  }

  private staticTarget({ lane }: LaneBand): number {
    const name = lane.model.referenceClass ?? '';
    const turns = Math.max(1, this.builtFor) / lane.devicesIn(name);
    return Math.max(1, Math.min(lane.maxBatchSize, lane.cost(name).rowsWithin(lane.sloMs / (1 + turns))));
  }
}
