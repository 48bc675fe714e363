import { ArrivalRate } from './arrival-rate.js';
import type { CostModel } from './cost-model.js';
import type { EnqueuedItem } from './events.js';
import type { ModelState } from './model-state.js';
import { SampleWindow } from './sample-window.js';
import { sloClassOf } from './slo-class.js';

/** Dated items whose relative deadlines make the lane's SLO: their median. */
const SLO_WINDOW = 256;
/** The SLO class follows only when the SLO leaves it by this factor: queued cost keeps its class meanwhile. */
const SLO_HYSTERESIS = 1.3;
/** Forgetting of the charge per row. */
const UNIT_ALPHA = 0.1;

type LaneFacts = Pick<EnqueuedItem, 'modelVersionId' | 'shapeBucket' | 'alone'>;

/** Name of the lane of a model version and shape bucket; lanes of lone items are apart. */
export function laneId(facts: LaneFacts): string {
  return `${facts.modelVersionId}/${facts.shapeBucket}${facts.alone ? '/alone' : ''}`;
}

/** What items that can share an inference batch have in common: costs, arrivals, usual deadline. */
export class Lane {
  readonly id: string;
  /** Usual relative deadline of its dated items, ms. */
  sloMs: number;
  sloClass: number;
  /** Arrivals, rows per ms, over a second and over three. */
  readonly rate = new ArrivalRate(1_000);
  readonly slowRate = new ArrivalRate(3_000);
  lastArrivalMs = -Infinity;
  /** Over all bands. */
  queuedRows = 0;
  private costClass = '';
  private lastCost: CostModel | null = null;
  private readonly costs = new Map<string, CostModel>();
  private readonly slos = new SampleWindow(SLO_WINDOW);
  private unitMsLearned: number | null = null;
  private loadedMs = 0;
  private notResidentSinceMs: number | null = null;
  private filledMs = 0;
  private heldSinceMs: number | null = null;

  /** @param firstBand number of the lane's highest band; the others follow */
  constructor(
    readonly facts: LaneFacts,
    readonly model: ModelState,
    readonly maxBatchSize: number,
    readonly firstBand: number,
    defaultSloMs: number,
  ) {
    this.id = laneId(facts);
    this.sloMs = model.facts?.sloMs ?? defaultSloMs;
    this.sloClass = sloClassOf(this.sloMs);
  }

  /**
   * Relative deadline of items that came at once, ms: the ninth decile. A backlog before the scheduler leaves its items
   * less time than they were given, and would shrink the median.
   */
  get givenMs(): number {
    return this.slos.length > 0 ? Math.max(1, this.slos.quantile(1)) : this.sloMs;
  }

  cost(deviceClass: string): CostModel {
    if (deviceClass === this.costClass && this.lastCost) return this.lastCost;
    let cost = this.costs.get(deviceClass);
    if (!cost) this.costs.set(deviceClass, (cost = this.model.cost(this.facts.shapeBucket, deviceClass)));
    this.costClass = deviceClass;
    return (this.lastCost = cost);
  }

  /** Cost on the reference class; null while no device can run the model. */
  get referenceCost(): CostModel | null {
    const name = this.model.referenceClass;
    return name === null ? null : this.cost(name);
  }

  /** N: devices that can run the lane, each counted by its speed beside the given class. */
  devicesIn(deviceClass: string): number {
    const { able } = this.model;
    if (able.size === 1) {
      const only = able.get(deviceClass);
      if (only !== undefined) return only;
    }
    const own = this.cost(deviceClass).expectedMs(8);
    let sum = 0;
    for (const [name, count] of able) sum += (count * own) / this.cost(name).expectedMs(8);
    return Math.max(1e-9, sum);
  }

  /** The shortest U(rows) over the classes that can run the lane, ms; 0 while none can. */
  leastUpperMs(rows: number): number {
    let least = Infinity;
    for (const name of this.model.able.keys()) least = Math.min(least, this.cost(name).upperMs(rows));
    return least === Infinity ? 0 : least;
  }

  /** Expected charge of one row, ms of the reference class. */
  get unitMs(): number {
    return this.unitMsLearned ?? (this.referenceCost?.expectedMs(8) ?? 0) / 8;
  }

  /** @param msPerRow charge of one row, in ms of the reference class */
  learnUnit(msPerRow: number): void {
    this.unitMsLearned = this.unitMs + UNIT_ALPHA * (msPerRow - this.unitMs);
  }

  arrived(rows: number, relativeDeadlineMs: number | null, nowMs: number): void {
    this.rate.add(rows, nowMs);
    this.slowRate.add(rows, nowMs);
    this.lastArrivalMs = nowMs;
    if (relativeDeadlineMs === null) return;
    this.slos.add(relativeDeadlineMs);
    this.sloMs = Math.max(1, this.slos.quantile(0.5));
    const ratio = this.sloMs / 2 ** (this.sloClass / 2);
    if (ratio > SLO_HYSTERESIS || ratio < 1 / SLO_HYSTERESIS) this.sloClass = sloClassOf(this.sloMs);
  }

  setResident(isResident: boolean, nowMs: number): void {
    if (isResident && this.notResidentSinceMs !== null) this.loadedMs += nowMs - this.notResidentSinceMs;
    this.notResidentSinceMs = isResident ? null : (this.notResidentSinceMs ?? nowMs);
  }

  /** Total time without a resident copy, ms. */
  loadingMs(nowMs: number): number {
    return this.loadedMs + (this.notResidentSinceMs === null ? 0 : nowMs - this.notResidentSinceMs);
  }

  get isResident(): boolean {
    return this.notResidentSinceMs === null;
  }

  setHeld(isHeld: boolean, nowMs: number): void {
    if (!isHeld && this.heldSinceMs !== null) this.filledMs += nowMs - this.heldSinceMs;
    this.heldSinceMs = isHeld ? (this.heldSinceMs ?? nowMs) : null;
  }

  /** Total time under a hold, ms. */
  fillingMs(nowMs: number): number {
    return this.filledMs + (this.heldSinceMs === null ? 0 : nowMs - this.heldSinceMs);
  }
}
