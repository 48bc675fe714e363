import { CostModel, profileFor } from './cost-model.js';
import type { ModelFacts, SeedProfile } from './events.js';
import type { FairFitOptions } from './options.js';

/** Back-off of a model whose load failed: 1 s, 2 s, 4 s up to 60 s. */
const MIN_BACKOFF_MS = 1_000;
const MAX_BACKOFF_MS = 60_000;
/** Forgetting of the learned load time. */
const LOAD_ALPHA = 0.3;

/** One model version: what it needs, where it is, and what its runs cost on each device class. */
export class ModelState {
  /** Set when the core may load the model itself. */
  facts: ModelFacts | null = null;
  /** Up devices that hold it, or could load it, by class. */
  able: ReadonlyMap<string, number> = new Map<string, number>();
  /** The device class in whose ms the model's queues are measured. */
  referenceClass: string | null = null;
  /** Resident copies on up devices, and loads under way. */
  copies = 0;
  loads = 0;
  /** Why no device can load it for now. */
  unavailableWhy: string | null = null;
  /** No load before this, monotonic ms. */
  backoffUntilMs = 0;
  failures = 0;
  lastFailure = '';
  private readonly loadMsByClass = new Map<string, number>();
  private readonly seeds = new Map<string, readonly SeedProfile[]>();
  private readonly costs = new Map<string, Map<string, CostModel>>();

  constructor(
    readonly id: string,
    private readonly options: FairFitOptions,
  ) {}

  /** True when some up device can run it, at once or after a load. */
  get isReachable(): boolean {
    return this.able.size > 0;
  }

  setAble(able: ReadonlyMap<string, number>): void {
    this.able = able;
    const [first] = able.keys();
    this.referenceClass = first ?? null;
  }

  adopt(facts: ModelFacts): void {
    this.facts = facts;
    this.unavailableWhy = null;
    for (const { deviceClass, profiles } of facts.profiles ?? []) this.seed(deviceClass, profiles);
  }

  /** Profiles of a warm-up on a device of this class. Lines that have learned from runs stay. */
  seed(deviceClass: string, profiles: readonly SeedProfile[]): void {
    if (profiles.length === 0) return;
    this.seeds.set(deviceClass, profiles);
    for (const [bucket, byClass] of this.costs) {
      const profile = profileFor(bucket, profiles);
      if (profile) byClass.get(deviceClass)?.reseed(profile);
    }
  }

  /** Cost of a shape bucket on a device class. */
  cost(bucket: string, deviceClass: string): CostModel {
    let byClass = this.costs.get(bucket);
    if (!byClass) this.costs.set(bucket, (byClass = new Map<string, CostModel>()));
    let cost = byClass.get(deviceClass);
    if (!cost) byClass.set(deviceClass, (cost = this.seeded(bucket, deviceClass)));
    return cost;
  }

  /** The same for somebody who only asks: nothing is kept for a bucket that never ran. */
  costIfAsked(bucket: string, deviceClass: string): CostModel {
    return this.costs.get(bucket)?.get(deviceClass) ?? this.seeded(bucket, deviceClass);
  }

  /** Every learned line, for the export. */
  *learned(): Generator<{ readonly shapeBucket: string; readonly deviceClass: string; readonly cost: CostModel }> {
    for (const [shapeBucket, byClass] of this.costs) {
      for (const [deviceClass, cost] of byClass) yield { shapeBucket, deviceClass, cost };
    }
  }

  /** Expected time of a load, ms. */
  loadMs(deviceClass: string): number {
    return this.loadMsByClass.get(deviceClass) ?? this.facts?.loadMs ?? 0;
  }

  loadedIn(deviceClass: string, ms: number | undefined): void {
    this.failures = 0;
    this.backoffUntilMs = 0;
    if (ms === undefined || !Number.isFinite(ms) || ms < 0) return;
    const before = this.loadMsByClass.get(deviceClass) ?? this.facts?.loadMs ?? ms;
    this.loadMsByClass.set(deviceClass, before + LOAD_ALPHA * (ms - before));
  }

  /** Doubles the back-off; up to a quarter is spread by the model's own number so that models do not retry together. */
  loadFailed(why: string, serial: number, nowMs: number): void {
    const plain = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** this.failures);
    this.failures += 1;
    this.lastFailure = why;
    this.backoffUntilMs = nowMs + Math.min(MAX_BACKOFF_MS, plain * (1 + ((serial * 7) % 16) / 64));
  }

  private seeded(bucket: string, deviceClass: string): CostModel {
    return new CostModel(profileFor(bucket, this.seeds.get(deviceClass) ?? []), this.options);
  }
}
