import type { SchedulerErrorCode } from '../gpu-scheduler.errors.js';
import { PRIORITY_BANDS, type PriorityBand } from '../work-item.js';
import { refusalOf } from './admission.js';
import { ClaimWindow } from './claim-window.js';
import type { Command } from './commands.js';
import { Conductor } from './conductor.js';
import { type CoreSnapshot, snapshotOf } from './core-snapshot.js';
import { exportState, restoreState } from './core-state.js';
import type { CoreState, EnqueuedItem, SchedulerEvent } from './events.js';
import { type ItemView, viewOf } from './item-view.js';
import { Item } from './item.js';
import { Outbox } from './outbox.js';
import { DEFAULT_OPTIONS, type FairFitOptions } from './options.js';
import { expectedWaitMs } from './expected-wait.js';
import { WaitClock } from './wait-clock.js';
import type { Work } from './work.js';

/** A timer of a running host is never this late. */
const SUSPENDED_MS = 5_000;
const LATE = 'The deadline could not be met any more before a device was free; allow more time.';
const STOPPING = 'The worker is stopping; submit the item again.';

/**
 * The scheduler's decisions as a synchronous state machine: no clock, no timer, no promise, no randomness. The same
 * events at the same times give the same commands. Times are monotonic ms; time never goes back.
 */
export class SchedulerCore {
  private readonly items = new Map<string, Item>();
  private readonly parts: Conductor;
  private readonly claims: ClaimWindow;
  private readonly outbox = new Outbox();
  private nowMs = 0;
  private seq = 0;
  private drainUntilMs: number | null = null;
  private armedAtMs: number | null = null;

  constructor(options: Partial<FairFitOptions> = {}) {
    this.parts = new Conductor({ ...DEFAULT_OPTIONS, ...options }, this.outbox);
    this.claims = new ClaimWindow(this.parts);
  }

  /** Elementary steps so far. */
  get work(): Work {
    return this.parts.work;
  }

  /** Applies one event and returns what is to be done, in order. */
  handle(event: SchedulerEvent, nowMs: number): readonly Command[] {
    return this.handleAll([event], nowMs);
  }

  /** Applies several events of one instant and decides once. */
  handleAll(events: readonly SchedulerEvent[], nowMs: number): readonly Command[] {
    if (nowMs > this.nowMs) this.nowMs = nowMs;
    this.outbox.take();
    this.expire();
    for (const event of events) this.apply(event);
    this.giveUpRuns();
    this.parts.dispatcher.dispatch(this.nowMs, this.drainUntilMs !== null);
    this.armTimer();
    return this.outbox.take();
  }

  /** Rows that the tenant has queued in the band and the bands above it. */
  queuedRowsFrom(tenantId: string, band: PriorityBand): number {
    return this.claims.queuedRows(tenantId, PRIORITY_BANDS.indexOf(band));
  }

  /** Rows that the tenant's share of the devices works off in the time, at least two useful batches per lane; null = unknown. */
  windowRows(tenantId: string, band: PriorityBand, windowMs: number): number | null {
    return this.claims.rows(tenantId, PRIORITY_BANDS.indexOf(band), windowMs, this.nowMs);
  }

  /** The longest usual deadline of the lanes in use, ms; null when none is. */
  usualDeadlineMs(): number | null {
    return this.claims.usualDeadlineMs(this.nowMs);
  }

  /** Rows of the tenant's usual item; 1 before its first. */
  itemRows(tenantId: string): number {
    return this.parts.tenants.get(tenantId)?.itemRows ?? 1;
  }

  /** Time in which the tenant's share works one of its usual items off, ms, and its calibrated quantiles; null = unknown. */
  itemMs(tenantId: string, band: PriorityBand): { readonly p50Ms: number; readonly p90Ms: number } | null {
    const ms = this.claims.itemMs(tenantId, PRIORITY_BANDS.indexOf(band), this.nowMs);
    return ms === null ? null : this.parts.eta.scaled(ms);
  }

  /** True while tenants within their share have so much queued that another worker should go first. */
  isSated(leastMs: number): boolean {
    return this.claims.isSated(leastMs, this.nowMs);
  }

  /** How far the tenant is ahead of the system's virtual time, ms per weight. Claim for tenants in ascending order. */
  leadMs(tenantId: string): number {
    return this.claims.leadMs(tenantId);
  }

  /** A plain copy of the state. */
  snapshot(): CoreSnapshot {
    return snapshotOf(this.parts, this.drainUntilMs !== null);
  }

  /** Where a queued item stands; undefined when it is not queued. */
  explain(itemId: string, nowMs: number): ItemView | undefined {
    const item = this.items.get(itemId);
    return item?.state === 'queued' ? viewOf(item, this.parts, Math.max(this.nowMs, nowMs)) : undefined;
  }

  /** What a later process should know: lags and learned costs. */
  exportState(): CoreState {
    return exportState(this.parts);
  }

  private apply(event: SchedulerEvent): void {
    const { fleet, loads } = this.parts;
    switch (event.type) {
      case 'enqueue':
        return this.enqueue(event.item);
      case 'enqueueAll':
        for (const item of event.items) this.enqueue(item);
        return;
      case 'completed':
        return this.end(event.batch, event.deviceMs, null);
      case 'failed':
        return this.end(event.batch, event.deviceMs ?? null, event.cause ?? 'device');
      case 'cancel':
        return this.cancel(event.itemId);
      case 'deviceUp':
        return fleet.up(event, this.nowMs);
      case 'deviceDown':
        return this.deviceDown(event.device);
      case 'model':
        return fleet.adopt(event.model, this.nowMs);
      case 'loaded':
        return loads.loaded(event, this.nowMs);
      case 'loadFailed':
        return loads.failed(event.device, event.modelVersionId, event.why, this.nowMs);
      case 'unloaded':
        return loads.unloaded(event.device, event.modelVersionId, this.nowMs);
      case 'unavailable':
        return this.refuseModel(event.modelVersionId, event.why);
      case 'restore':
        return restoreState(event.state, this.parts);
      case 'drain':
        this.drainUntilMs = Math.min(this.drainUntilMs ?? event.untilMs, event.untilMs);
        return this.endDrain();
      case 'timer':
        return this.timer();
      default:
        return unknownEvent(event);
    }
  }

  private enqueue(facts: EnqueuedItem): void {
    if (this.items.has(facts.itemId)) throw new Error(`Item ${facts.itemId} is in the scheduler already.`);
    const known = this.parts.fleet.laneOf(facts);
    const isDraining = this.drainUntilMs !== null;
    const refusal = refusalOf(facts, this.parts.admissionFacts(facts, known, this.nowMs, isDraining));
    if (refusal) {
      this.outbox.emit({ type: 'reject', itemId: facts.itemId, ...refusal });
      return;
    }
    const lane = known ?? this.parts.join(facts, this.nowMs);
    const tenant = this.parts.tenant(facts.tenantId);
    const band = PRIORITY_BANDS.indexOf(facts.band);
    const home = this.parts.queues.laneBands[lane.firstBand + band];
    const account = tenant.bands[band];
    if (!home || !account) throw new Error(`There is no band ${facts.band}.`);
    this.parts.adopt(tenant, facts, this.nowMs);
    const wait = new WaitClock(this.nowMs, lane, tenant, this.parts.batches.epoch, home.epoch);
    const item = new Item(facts, (this.seq += 1), tenant, account, home.number, wait);
    const relativeMs = facts.deadlineMs === null ? null : facts.deadlineMs - this.nowMs;
    lane.arrived(facts.size, relativeMs !== null && relativeMs > 0 ? relativeMs : null, this.nowMs);
    this.parts.hold.arrived(lane);
    item.sloClass = lane.sloClass;
    item.queuedMs = lane.unitMs * facts.size;
    tenant.sent(facts.size, lane.unitMs);
    item.isDated = facts.deadlineMs !== null && relativeMs !== null && relativeMs >= lane.leastUpperMs(facts.size);
    item.dueMs = item.isDated ? (facts.deadlineMs as number) : this.agedAtMs(facts.band);
    item.etaMs = expectedWaitMs(item, lane, this.parts, this.nowMs);
    if (relativeMs !== null) this.parts.queues.bands[band]?.recentSlos.add(lane.sloMs, this.nowMs);
    this.items.set(facts.itemId, item);
    this.parts.dispatcher.changed(home);
    this.parts.queues.add(item);
  }

  private agedAtMs(band: PriorityBand): number {
    return this.nowMs + this.parts.options.undatedTargetMs[band];
  }

  private cancel(itemId: string): void {
    const item = this.items.get(itemId);
    if (item?.state === 'queued') this.drop(item, 'canceled', 'The item was canceled before it ran.');
  }

  /** @param deviceMs what the runtime measured; null = the time until now */
  private end(batchNumber: number, deviceMs: number | null, fault: 'input' | 'device' | null): void {
    const batch = this.parts.batches.end(batchNumber, this.nowMs);
    if (!batch) return;
    this.parts.fleet.touch();
    const occupiedMs = this.nowMs - batch.startedAtMs;
    const isUsable = deviceMs !== null && Number.isFinite(deviceMs) && deviceMs >= 0;
    const actualMs = isUsable ? deviceMs : occupiedMs;
    batch.device.runMs += actualMs;
    this.parts.learn(batch, fault === null && isUsable ? actualMs : null, occupiedMs);
    if (batch.isAbandoned) {
      this.parts.charging.platformMs += actualMs;
      return;
    }
    if (fault === 'device') this.parts.charging.refund(batch, actualMs);
    else this.parts.charging.reconcile(batch, actualMs);
    for (const item of batch.items) {
      if (fault === null) item.tenant.completedItems += 1;
      this.forgetRunning(item);
    }
  }

  private deviceDown(id: string): void {
    const device = this.parts.fleet.devices.get(id);
    if (!device) return;
    this.parts.loads.deviceLost(device, this.nowMs);
    this.parts.charging.platformMs += this.parts.fleet.down(id, this.nowMs);
  }

  private refuseModel(modelVersionId: string, why: string): void {
    const model = this.parts.fleet.model(modelVersionId);
    if (model.copies > 0) return;
    model.unavailableWhy = why;
    for (const item of this.parts.itemsOf(model)) this.drop(item, 'model_unavailable', why);
  }

  /** Items that cannot be served in time leave, or lose their deadline. */
  private expire(): void {
    const { expiry, queues } = this.parts;
    for (let item = expiry.next(this.nowMs); item; item = expiry.next(this.nowMs)) {
      if (item.facts.deadlineAction === 'demote') {
        queues.remove(item);
        item.isDated = false;
        item.dueMs = this.agedAtMs(item.facts.band);
        queues.add(item);
        continue;
      }
      const { model } = queues.home(item).lane;
      if (model.copies === 0 && model.failures > 0) this.drop(item, 'model_unavailable', model.lastFailure);
      else this.drop(item, 'deadline_exceeded', LATE);
    }
  }

  /** Runs without an answer, long after their limit, are lost: their items end, the device stays stuck. */
  private giveUpRuns(): void {
    for (const batch of this.parts.batches.overdue(this.nowMs)) {
      this.parts.charging.refund(batch, 0);
      for (const item of batch.items) this.forgetRunning(item);
      this.outbox.emit({ type: 'abandonBatch', batch: batch.batch });
    }
  }

  /** A timer that comes much too late was not late: the host was suspended, and runtimes could not answer either. */
  private timer(): void {
    const lateMs = this.armedAtMs === null ? 0 : this.nowMs - this.armedAtMs;
    this.armedAtMs = null;
    if (lateMs >= SUSPENDED_MS) this.parts.batches.postpone(lateMs);
    this.endDrain();
  }

  private endDrain(): void {
    if (this.drainUntilMs === null || this.drainUntilMs > this.nowMs) return;
    for (const item of [...this.items.values()]) if (item.state === 'queued') this.drop(item, 'draining', STOPPING);
  }

  private armTimer(): void {
    const { expiry, batches, dispatcher } = this.parts;
    const drainMs = this.drainUntilMs !== null && this.drainUntilMs > this.nowMs ? this.drainUntilMs : Infinity;
    const next = Math.min(expiry.nextMs(), batches.nextAbandonMs(), dispatcher.nextWakeMs(), drainMs);
    const atMs = next === Infinity ? null : next;
    if (atMs === this.armedAtMs) return;
    this.armedAtMs = atMs;
    this.outbox.emit({ type: 'armTimer', atMs });
  }

  private drop(item: Item, code: SchedulerErrorCode, message: string): void {
    item.state = 'gone';
    this.parts.queues.remove(item);
    this.parts.dispatcher.changed(this.parts.queues.home(item));
    this.items.delete(item.facts.itemId);
    this.outbox.emit({ type: 'reject', itemId: item.facts.itemId, code, message });
  }

  private forgetRunning(item: Item): void {
    item.state = 'gone';
    this.parts.ended(item, this.nowMs);
    this.items.delete(item.facts.itemId);
  }
}

function unknownEvent(event: never): void {
  throw new Error(`The core knows no event ${JSON.stringify(event)}.`);
}
