import type { SchedulerErrorCode } from '../gpu-scheduler.errors.js';
import type { DispatchReason, PriorityBand } from '../work-item.js';
import { refusalOf } from './admission.js';
import type { Command } from './commands.js';
import { type CoreSnapshot, type ItemView, snapshotOf, viewOf } from './core-snapshot.js';
import { DeadlineHeap } from './deadline-heap.js';
import { DeviceState, type RunningBatch } from './device-state.js';
import type { EnqueuedItem, SchedulerEvent } from './events.js';
import { Item } from './item.js';
import { type Composition, Lane, laneId } from './lane.js';
import { TenantAccount } from './tenant-account.js';

/** How long a run may outlive its own limit before the core stops waiting: an engine restarts and reloads meanwhile. */
const ABANDON_GRACE_MS = 30_000;

/**
 * The scheduler's decisions as a synchronous state machine: no clock, no timer, no promise, no randomness. The same
 * events at the same times give the same commands. Times are monotonic ms; time never goes back.
 */
export class SchedulerCore {
  private readonly lanes = new Map<string, Lane>();
  private readonly accounts = new Map<string, TenantAccount>();
  private readonly devices = new Map<string, DeviceState>();
  private readonly items = new Map<string, Item>();
  private readonly batches = new Map<number, RunningBatch>();
  private readonly unavailable = new Map<string, string>();
  private readonly deadlines = new DeadlineHeap();
  private commands: Command[] = [];
  private nowMs = 0;
  private seq = 0;
  private batchCount = 0;
  private drainUntilMs: number | null = null;
  private armedAtMs: number | null = null;

  /** Applies one event and returns what is to be done, in order. */
  handle(event: SchedulerEvent, nowMs: number): readonly Command[] {
    this.nowMs = Math.max(this.nowMs, nowMs);
    this.commands = [];
    if (event.type === 'timer') this.armedAtMs = null;
    this.expire();
    this.apply(event);
    this.dispatch();
    this.armTimer();
    return this.commands;
  }

  /** Rows that the tenant has queued in the band. */
  queuedRows(tenantId: string, band: PriorityBand): number {
    return this.accounts.get(tenantId)?.queuedRows[band] ?? 0;
  }

  /** A plain copy of the state. */
  snapshot(): CoreSnapshot {
    return snapshotOf(this.lanes.values(), this.accounts.values(), this.devices.values(), this.drainUntilMs !== null);
  }

  /** Where a queued item stands; undefined when it is not queued. */
  explain(itemId: string, nowMs: number): ItemView | undefined {
    const item = this.items.get(itemId);
    const lane = item && this.lanes.get(laneId(item.facts));
    if (!item || !lane || item.state !== 'queued') return undefined;
    return viewOf(item, lane, this.devices.values(), this.lanes.values(), Math.max(this.nowMs, nowMs));
  }

  private apply(event: SchedulerEvent): void {
    switch (event.type) {
      case 'enqueue':
        return this.enqueue(event.item);
      case 'completed':
        return this.end(event.batch, event.deviceMs);
      case 'failed':
        return this.end(event.batch, null);
      case 'cancel':
        return this.cancel(event.itemId);
      case 'deviceUp':
        return this.deviceUp(event.device, event.rank);
      case 'deviceDown':
        return this.deviceDown(event.device);
      case 'loaded':
        this.devices.get(event.device)?.load(event.modelVersionId, event.profiles);
        this.unavailable.delete(event.modelVersionId);
        return this.refreshResidency(event.modelVersionId);
      case 'unavailable':
        return this.refuseModel(event.modelVersionId, event.why);
      case 'drain':
        this.drainUntilMs = Math.min(this.drainUntilMs ?? event.untilMs, event.untilMs);
        return this.endDrain();
      case 'timer':
        return this.endDrain();
    }
  }

  private enqueue(facts: EnqueuedItem): void {
    if (this.items.has(facts.itemId)) throw new Error(`Item ${facts.itemId} is in the scheduler already.`);
    const account = this.account(facts.tenantId);
    const refusal = refusalOf(facts, account, {
      nowMs: this.nowMs,
      isDraining: this.drainUntilMs !== null,
      unavailableWhy: this.unavailable.get(facts.modelVersionId) ?? null,
      rowMs: this.rowMs(facts),
    });
    if (refusal) {
      this.commands.push({ type: 'reject', itemId: facts.itemId, ...refusal });
      return;
    }
    account.adopt(facts.weight, facts.maxInFlight, this.nowMs);
    const lane = this.lane(facts);
    const hold = this.isResident(facts.modelVersionId) ? 'device_busy' : 'model_loading';
    const item = new Item(facts, (this.seq += 1), account, this.nowMs, hold);
    this.items.set(facts.itemId, item);
    lane.push(item);
    if (facts.deadlineMs !== null) this.deadlines.push(item);
  }

  private cancel(itemId: string): void {
    const item = this.items.get(itemId);
    if (item?.state === 'queued') this.drop(item, 'canceled', 'The item was canceled before it ran.');
  }

  private end(batchNumber: number, deviceMs: number | null): void {
    const batch = this.batches.get(batchNumber);
    if (!batch) return;
    this.batches.delete(batchNumber);
    batch.device.running = null;
    batch.device.busyMs += this.nowMs - batch.startedAtMs;
    if (deviceMs !== null) batch.device.cost(batch.lane).learn(batch.rows, deviceMs);
    if (batch.isAbandoned) return;
    for (const item of batch.items) {
      if (deviceMs !== null) {
        item.account.chargedDeviceMs += (deviceMs * item.facts.size) / batch.rows;
        item.account.completedItems += 1;
      }
      this.forgetRunning(item);
    }
  }

  private deviceUp(id: string, rank: number): void {
    const device = this.devices.get(id);
    if (device) {
      device.isUp = true;
      device.rank = rank;
    } else {
      this.devices.set(id, new DeviceState(id, rank));
    }
  }

  private deviceDown(id: string): void {
    const device = this.devices.get(id);
    const models = device?.residentModels ?? [];
    device?.goDown();
    for (const model of models) this.refreshResidency(model);
  }

  private refuseModel(modelVersionId: string, why: string): void {
    if (this.isResident(modelVersionId)) return;
    this.unavailable.set(modelVersionId, why);
    for (const lane of this.lanes.values()) {
      if (lane.facts.modelVersionId !== modelVersionId) continue;
      for (const item of [...lane.queued()]) this.drop(item, 'model_unavailable', why);
    }
  }

  private expire(): void {
    for (let item = this.deadlines.popDue(this.nowMs); item; item = this.deadlines.popDue(this.nowMs)) {
      this.drop(item, 'deadline_exceeded', 'The deadline passed before a device was free; allow more time.', true);
    }
    for (const batch of this.batches.values()) {
      if (batch.isAbandoned || batch.abandonAtMs > this.nowMs) continue;
      batch.isAbandoned = true;
      for (const item of batch.items) this.forgetRunning(item);
      this.commands.push({ type: 'abandonBatch', batch: batch.batch });
    }
  }

  private endDrain(): void {
    if (this.drainUntilMs === null || this.drainUntilMs > this.nowMs) return;
    for (const lane of this.lanes.values()) {
      for (const item of [...lane.queued()])
        this.drop(item, 'draining', 'The worker is stopping; submit the item again.');
    }
  }

  /** One batch per free device, the best rank first; ties by id. A batch never makes another device more able. */
  private dispatch(): void {
    const free = [...this.devices.values()].filter((device) => device.isFree);
    free.sort((a, b) => a.rank - b.rank || (a.id < b.id ? -1 : 1));
    for (const device of free) {
      const turn = device.nextTurn(this.lanes.values());
      if (turn) this.run(device, turn.lane, turn.band);
    }
  }

  private run(device: DeviceState, lane: Lane, band: PriorityBand): void {
    const number = (this.batchCount += 1);
    const cost = device.cost(lane);
    const composition = lane.compose(band, number, (item) => {
      item.state = 'running';
      if (item.facts.deadlineMs !== null) this.deadlines.leave();
      item.account.started(item.facts.size, this.nowMs);
    });
    lane.markLeftBehind(composition.items, this.nowMs);
    const { rows } = composition;
    const predictedMs = cost.expectedMs(rows);
    const deadlineMs = cost.runLimitMs(rows);
    const batch: RunningBatch = {
      batch: number,
      device,
      lane,
      items: composition.items,
      rows,
      startedAtMs: this.nowMs,
      expectedAtMs: this.nowMs + predictedMs,
      abandonAtMs: this.nowMs + deadlineMs + ABANDON_GRACE_MS,
      isAbandoned: false,
    };
    device.running = batch;
    this.batches.set(number, batch);
    this.send(batch, composition, predictedMs, deadlineMs);
  }

  private send(batch: RunningBatch, composition: Composition, predictedMs: number, deadlineMs: number): void {
    let slot = 0;
    const items = composition.items.map((item) => {
      const place = { itemId: item.facts.itemId, slot, size: item.facts.size };
      slot += item.facts.size;
      return { ...place, waitMs: this.nowMs - item.enqueuedAtMs, waits: item.waits(this.nowMs) };
    });
    const { modelVersionId, shapeBucket } = batch.lane.facts;
    this.commands.push({
      type: 'runBatch',
      batch: batch.batch,
      device: batch.device.id,
      lane: batch.lane.id,
      modelVersionId,
      shapeBucket,
      items,
      rows: batch.rows,
      predictedMs,
      deadlineMs,
      dispatchReason: this.dispatchReason(composition),
    });
  }

  private dispatchReason(composition: Composition): DispatchReason {
    if (this.drainUntilMs !== null) return 'drain';
    return composition.isFull ? 'full' : 'device_free';
  }

  private armTimer(): void {
    const due = [this.deadlines.nextDeadlineMs()];
    for (const batch of this.batches.values()) if (!batch.isAbandoned) due.push(batch.abandonAtMs);
    if (this.drainUntilMs !== null && this.drainUntilMs > this.nowMs) due.push(this.drainUntilMs);
    const times = due.filter((at) => at !== null);
    const atMs = times.length > 0 ? Math.min(...times) : null;
    if (atMs === this.armedAtMs) return;
    this.armedAtMs = atMs;
    this.commands.push({ type: 'armTimer', atMs });
  }

  /** @param fromHeap the deadline heap has given the item up already */
  private drop(item: Item, code: SchedulerErrorCode, message: string, fromHeap = false): void {
    item.state = 'gone';
    if (item.facts.deadlineMs !== null && !fromHeap) this.deadlines.leave();
    this.lane(item.facts).remove(item);
    this.items.delete(item.facts.itemId);
    this.commands.push({ type: 'reject', itemId: item.facts.itemId, code, message });
  }

  private forgetRunning(item: Item): void {
    item.state = 'gone';
    item.account.ended(item.facts.size, this.nowMs);
    this.items.delete(item.facts.itemId);
  }

  private refreshResidency(modelVersionId: string): void {
    const hold = this.isResident(modelVersionId) ? 'device_busy' : 'model_loading';
    for (const lane of this.lanes.values()) {
      if (lane.facts.modelVersionId !== modelVersionId) continue;
      for (const item of lane.queued()) {
        const isLoading = item.reason === 'model_loading';
        if (isLoading !== (hold === 'model_loading')) item.holdFor(hold, this.nowMs);
      }
    }
  }

  private isResident(modelVersionId: string): boolean {
    for (const device of this.devices.values()) if (device.holds(modelVersionId)) return true;
    return false;
  }

  /** Device ms of one row of the item's lane in the usual batch, shared by the devices; for `retryAfterMs`. */
  private rowMs(facts: EnqueuedItem): number {
    const lane = this.lane(facts);
    const able = [...this.devices.values()].filter((device) => device.holds(facts.modelVersionId));
    const first = able[0];
    return first ? first.cost(lane).expectedMs(8) / 8 / able.length : 0;
  }

  private lane(facts: EnqueuedItem): Lane {
    const id = laneId(facts);
    let lane = this.lanes.get(id);
    if (!lane) this.lanes.set(id, (lane = new Lane(facts, facts.maxBatchSize)));
    return lane;
  }

  private account(tenantId: string): TenantAccount {
    let account = this.accounts.get(tenantId);
    if (!account) this.accounts.set(tenantId, (account = new TenantAccount(tenantId)));
    return account;
  }
}
