import type { AdmissionFacts } from './admission.js';
import { Batches } from './batches.js';
import { Charging } from './charging.js';
import { Composer, type ItemTaker } from './compose.js';
import type { RunningBatch } from './device-state.js';
import { Dispatcher } from './dispatcher.js';
import { Eta } from './eta.js';
import type { EnqueuedItem } from './events.js';
import { Expiry } from './expiry.js';
import { Fitter } from './fit.js';
import { Fleet } from './fleet.js';
import { Hold } from './hold.js';
import type { Item } from './item.js';
import type { Outbox } from './outbox.js';
import { LaneChoice } from './lane-choice.js';
import type { Lane } from './lane.js';
import { Loads } from './loads.js';
import type { ModelState } from './model-state.js';
import type { FairFitOptions } from './options.js';
import { Queues } from './queues.js';
import { ResidencyChoice } from './residency.js';
import { TenantAccount } from './tenant-account.js';
import { Work } from './work.js';

/** The parts of the core, wired, and what needs several of them at once. */
export class Conductor implements ItemTaker {
  readonly work = new Work();
  readonly eta = new Eta();
  readonly tenants = new Map<string, TenantAccount>();
  readonly queues: Queues;
  readonly fleet: Fleet;
  readonly charging: Charging;
  readonly batches: Batches;
  readonly loads: Loads;
  readonly hold: Hold;
  readonly expiry: Expiry;
  readonly dispatcher: Dispatcher;

  constructor(
    readonly options: FairFitOptions,
    outbox: Outbox,
  ) {
    this.queues = new Queues(options, this.work);
    this.fleet = new Fleet(this.queues, options, this.work);
    this.charging = new Charging(this.queues, options);
    this.batches = new Batches(this.queues, this.charging, this.eta, outbox);
    this.loads = new Loads(this.fleet, outbox, this.charging);
    this.hold = new Hold(options);
    this.expiry = new Expiry(this.queues);
    const fitter = new Fitter(this.queues, options);
    const choice = new LaneChoice(this.queues, fitter, options, this.work);
    const residency = new ResidencyChoice(fitter, choice, options, this.fleet);
    const composer = new Composer(this.queues, this);
    const { fleet, queues, batches, loads, hold } = this;
    this.dispatcher = new Dispatcher({ fleet, queues, fitter, choice, residency, composer, batches, loads, hold });
  }

  tenant(tenantId: string): TenantAccount {
    let tenant = this.tenants.get(tenantId);
    if (!tenant) this.tenants.set(tenantId, (tenant = new TenantAccount(tenantId, this.tenants.size)));
    return tenant;
  }

  /** A lane for an accepted item that has none yet. */
  join(facts: EnqueuedItem, nowMs: number): Lane {
    const lane = this.queues.lane(facts, this.fleet.model(facts.modelVersionId));
    this.fleet.join(lane, nowMs);
    return lane;
  }

  /** Weight and limits of the latest item hold for the tenant. */
  adopt(tenant: TenantAccount, { weight, maxInFlight }: EnqueuedItem, nowMs: number): void {
    if (tenant.weight !== weight) {
      tenant.weight = weight;
      for (const account of tenant.bands) this.queues.bands[account.band]?.reweigh(account);
    }
    const before = tenant.isAtLimit;
    tenant.adopt(maxInFlight, nowMs);
    this.followLimit(tenant, before);
  }

  /** An item runs. */
  started(item: Item, nowMs: number): void {
    const { tenant, facts } = item;
    item.state = 'running';
    this.fleet.touch();
    const before = tenant.isAtLimit;
    tenant.started(facts.size, nowMs);
    this.followLimit(tenant, before);
  }

  /** An item runs no more. */
  ended({ tenant, facts }: Item, nowMs: number): void {
    const before = tenant.isAtLimit;
    tenant.ended(facts.size, nowMs);
    this.followLimit(tenant, before);
  }

  /** What admission needs to know; makes nothing. */
  admissionFacts(facts: EnqueuedItem, lane: Lane | undefined, nowMs: number, isDraining: boolean): AdmissionFacts {
    const model = lane?.model ?? this.fleet.models.get(facts.modelVersionId);
    const tenant = this.tenants.get(facts.tenantId);
    const tooLarge = model && this.fleet.isTooLarge(model) ? 'The model is larger than any device here.' : null;
    return {
      nowMs,
      isDraining,
      unavailableWhy: model?.unavailableWhy ?? tooLarge,
      leastRunMs: lane?.leastUpperMs(facts.size) ?? (model ? this.leastRunMs(model, facts) : 0),
      tenantRows: tenant?.totalQueuedRows ?? 0,
      laneRows: lane?.queuedRows ?? 0,
      maxLaneRows: this.options.maxEnqueuedPerLane,
      rowMs: () => (lane ? this.rowMs(lane, facts.weight) : 0),
    };
  }

  /** A run taught its costs. @param actualMs null = nothing to learn */
  learn(batch: RunningBatch, actualMs: number | null, occupiedMs: number): void {
    const { lane } = batch.laneBand;
    if (actualMs !== null && !batch.isFirstAfterLoad) {
      lane.cost(batch.device.deviceClass).learn(batch.rows, actualMs, occupiedMs);
    }
    for (const laneBand of this.queues.bandsOf(lane)) if (laneBand.items > 0) this.queues.reindex(laneBand);
  }

  /** Every queued item of a model. */
  itemsOf(model: ModelState): readonly Item[] {
    const laneBands = this.fleet.lanesOf(model).flatMap((lane) => this.queues.bandsOf(lane));
    return laneBands.flatMap(({ dated, undated }) => [
      ...dated.items.from(-Infinity),
      ...undated.items.from(-Infinity),
    ]);
  }

  private leastRunMs(model: ModelState, { shapeBucket, size }: EnqueuedItem): number {
    let least = Infinity;
    for (const name of model.able.keys()) least = Math.min(least, model.costIfAsked(shapeBucket, name).upperMs(size));
    return least === Infinity ? 0 : least;
  }

  /** The tenant may have come to its limit, or below it again. */
  private followLimit(tenant: TenantAccount, wasAtLimit: boolean): void {
    if (wasAtLimit === tenant.isAtLimit) return;
    if (wasAtLimit) this.queues.unpark(tenant.bands);
    else for (const account of tenant.bands) this.queues.bands[account.band]?.place(account);
  }

  /** Time in which the tenant's fair share works one row of the lane off, ms. */
  private rowMs(lane: Lane, weight: number): number {
    const devices = lane.model.referenceClass === null ? 1 : lane.devicesIn(lane.model.referenceClass);
    const weights = Math.max(weight, ...this.queues.bands.map((band) => band.weights));
    return (lane.unitMs * weights) / (devices * weight);
  }
}
