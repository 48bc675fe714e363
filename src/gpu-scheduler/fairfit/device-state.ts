import type { PriorityBand } from '../work-item.js';
import { PRIORITY_BANDS } from '../work-item.js';
import { BandTurns } from './band-turns.js';
import { type CostModel, costModelFor } from './cost-model.js';
import type { SeedProfile } from './events.js';
import type { Item } from './item.js';
import type { Lane } from './lane.js';

/** An inference batch that is on a device. */
export interface RunningBatch {
  readonly batch: number;
  readonly device: DeviceState;
  readonly lane: Lane;
  readonly items: readonly Item[];
  readonly rows: number;
  readonly startedAtMs: number;
  /** Predicted end, monotonic ms. */
  readonly expectedAtMs: number;
  /** When the core stops waiting for an answer, monotonic ms. */
  readonly abandonAtMs: number;
  isAbandoned: boolean;
}

/** One serial executor as the core sees it. */
export class DeviceState {
  isUp = true;
  running: RunningBatch | null = null;
  busyMs = 0;
  private readonly resident = new Map<string, readonly SeedProfile[]>();
  private readonly costs = new Map<string, CostModel>();
  private readonly turns = new BandTurns();

  constructor(
    readonly id: string,
    public rank: number,
  ) {}

  get isFree(): boolean {
    return this.isUp && this.running === null;
  }

  get residentModels(): readonly string[] {
    return [...this.resident.keys()];
  }

  holds(modelVersionId: string): boolean {
    return this.isUp && this.resident.has(modelVersionId);
  }

  load(modelVersionId: string, profiles: readonly SeedProfile[]): void {
    this.resident.set(modelVersionId, profiles);
  }

  /** Forgets what is resident, keeps what it learned about costs. */
  goDown(): void {
    this.isUp = false;
    this.resident.clear();
  }

  /** Cost of a lane here; lone items share the model of their bucket. */
  cost(lane: Lane): CostModel {
    const { modelVersionId, shapeBucket } = lane.facts;
    const key = `${modelVersionId}/${shapeBucket}`;
    let cost = this.costs.get(key);
    if (!cost) {
      cost = costModelFor(shapeBucket, this.resident.get(modelVersionId) ?? []);
      this.costs.set(key, cost);
    }
    return cost;
  }

  /**
   * The lane and the band that have the next turn here: the band by its turns, then among the lanes with work of that
   * band the least recently served, so that no model starves. Ties go to the older lane.
   */
  nextTurn(lanes: Iterable<Lane>): { readonly lane: Lane; readonly band: PriorityBand } | null {
    const best: Partial<Record<PriorityBand, Lane>> = {};
    for (const lane of lanes) {
      if (lane.queuedItems === 0 || !this.holds(lane.facts.modelVersionId)) continue;
      for (const band of PRIORITY_BANDS) {
        const rival = best[band];
        if (rival && rival.bands[band].lastServed <= lane.bands[band].lastServed) continue;
        if (lane.bands[band].hasRunnable()) best[band] = lane;
      }
    }
    const band = this.turns.next(PRIORITY_BANDS.filter((b) => best[b]));
    const lane = band && best[band];
    return band && lane ? { lane, band } : null;
  }
}
