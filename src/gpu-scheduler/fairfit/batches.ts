import type { DispatchReason, PriorityBand } from '../work-item.js';
import { PRIORITY_BANDS } from '../work-item.js';
import type { Charging } from './charging.js';
import type { BatchSlot } from './commands.js';
import type { Composition } from './compose.js';
import type { DeviceState, Residency, RunningBatch } from './device-state.js';
import type { Eta } from './eta.js';
import type { Fit } from './fit.js';
import type { Item } from './item.js';
import type { Outbox } from './outbox.js';
import type { LaneBand } from './lane-band.js';
import type { Queues } from './queues.js';
import { Epoch } from './wait-clock.js';

/** How long a run may outlive its own limit before the core stops waiting: an engine restarts and reloads meanwhile. */
const ABANDON_GRACE_MS = 30_000;

/** Sends composed batches and keeps the book of what runs. */
export class Batches {
  readonly running = new Map<number, RunningBatch>();
  /** Shared by everything enqueued since the last dispatch. */
  epoch = new Epoch();
  private count = 0;
  /** When the next run is given up, monotonic ms; null = to be found anew. */
  private abandonMs: number | null = null;

  constructor(
    private readonly queues: Queues,
    private readonly charging: Charging,
    private readonly eta: Eta,
    private readonly outbox: Outbox,
  ) {}

  /** Charges the batch, puts it on the device and orders its run. */
  start(
    device: DeviceState,
    fit: Fit,
    composition: Composition,
    { reason, isUse }: { readonly reason: DispatchReason; readonly isUse: boolean },
    nowMs: number,
  ): void {
    const { laneBand } = fit;
    const { items, rows } = composition;
    const copy = device.resident.get(laneBand.lane.model.id);
    const predictedMs = fit.cost.expectedMs(rows);
    const loadMs = copy?.unpaidMs ?? 0;
    const charges = this.charging.divide(items, predictedMs);
    const speed = this.speedOf(fit, device);
    this.charging.charge(items, charges, loadMs, speed);
    const batch: RunningBatch = {
      batch: (this.count += 1),
      device,
      laneBand,
      items,
      rows,
      startedAtMs: nowMs,
      expectedAtMs: nowMs + predictedMs,
      abandonAtMs: nowMs + fit.cost.runLimitMs(rows) + ABANDON_GRACE_MS,
      predictedMs,
      loadMs,
      charges,
      served: composition.served,
      speed,
      isFirstAfterLoad: copy?.hasRun === false,
      isUse,
      isAbandoned: false,
    };
    if (copy) this.use(copy, isUse, nowMs);
    device.running = batch;
    this.running.set(batch.batch, batch);
    if (this.abandonMs !== null) this.abandonMs = Math.min(this.abandonMs, batch.abandonAtMs);
    this.order(batch, fit, reason, nowMs);
    const last = items.at(-1);
    if (last && last.etaMs !== null) this.eta.started(last.etaMs, nowMs - last.wait.enqueuedAtMs);
    this.closeEpochs(composition, laneBand.band, nowMs + fit.cost.upperMs(rows), nowMs);
    this.rebook(composition, laneBand, (predictedMs / rows) * speed);
  }

  /** The answer to a run, or its failure: the device is free. Null when the batch is not known. */
  end(batchNumber: number, nowMs: number): RunningBatch | null {
    const batch = this.running.get(batchNumber);
    if (!batch) return null;
    this.running.delete(batchNumber);
    if (batch.abandonAtMs === this.abandonMs) this.abandonMs = null;
    const { device } = batch;
    device.running = null;
    device.busyMs += nowMs - batch.startedAtMs;
    const copy = device.resident.get(batch.laneBand.lane.model.id);
    if (copy && batch.isUse) copy.lastUseMs = nowMs;
    return batch;
  }

  /** Nothing was given up while the host was suspended. */
  postpone(byMs: number): void {
    for (const batch of this.running.values()) batch.abandonAtMs += byMs;
    this.abandonMs = null;
  }

  /** Runs that have outlived every limit, each once. */
  overdue(nowMs: number): readonly RunningBatch[] {
    if (this.nextAbandonMs() > nowMs) return [];
    const overdue = [...this.running.values()].filter((batch) => !batch.isAbandoned && batch.abandonAtMs <= nowMs);
    for (const batch of overdue) batch.isAbandoned = true;
    this.abandonMs = null;
    return overdue;
  }

  /** When the next run is given up, monotonic ms; Infinity when none runs. */
  nextAbandonMs(): number {
    if (this.abandonMs !== null) return this.abandonMs;
    let next = Infinity;
    for (const batch of this.running.values()) if (!batch.isAbandoned) next = Math.min(next, batch.abandonAtMs);
    this.abandonMs = next;
    return next;
  }

  private use(copy: Residency, isUse: boolean, nowMs: number): void {
    if (isUse) copy.lastUseMs = nowMs;
    copy.unpaidMs = 0;
    copy.hasRun = true;
  }

  private order(batch: RunningBatch, { cost, laneBand }: Fit, reason: DispatchReason, nowMs: number): void {
    const { modelVersionId, shapeBucket } = laneBand.lane.facts;
    this.outbox.emit({
      type: 'runBatch',
      batch: batch.batch,
      device: batch.device.id,
      lane: laneBand.lane.id,
      modelVersionId,
      shapeBucket,
      items: this.slots(batch, nowMs),
      rows: batch.rows,
      predictedMs: batch.predictedMs,
      loadMs: batch.loadMs,
      band: PRIORITY_BANDS[laneBand.band] as PriorityBand,
      deadlineMs: cost.runLimitMs(batch.rows),
      dispatchReason: reason,
    });
  }

  private slots({ items, charges, predictedMs }: RunningBatch, nowMs: number): readonly BatchSlot[] {
    let slot = 0;
    const slots: BatchSlot[] = [];
    for (let i = 0; i < items.length; i += 1) {
      const item = items[i] as Item;
      const { itemId, size, tenantId } = item.facts;
      const waitMs = nowMs - item.wait.enqueuedAtMs;
      const deadlineMs = item.isDated ? item.dueMs : null;
      const waits = item.wait.waits(nowMs, { tenantId, band: item.account.band, deadlineMs });
      slots.push({ itemId, slot, size, share: (charges[i] as number) / predictedMs, waitMs, waits });
      slot += size;
    }
    return slots;
  }

  private closeEpochs({ served, homes }: Composition, band: number, finishMs: number, nowMs: number): void {
    const [first] = served.keys();
    const isOne = [...served.keys()].every(({ tenant }) => tenant === first?.tenant);
    const only = isOne ? (first?.tenant.tenantId ?? null) : null;
    this.epoch.close(nowMs, band, finishMs, only);
    this.epoch = new Epoch();
    for (const home of homes) {
      home.epoch.close(nowMs, band, finishMs, only);
      home.epoch = new Epoch();
    }
  }

  /** Accounts and lanes that the batch touched go where their numbers belong now. */
  private rebook({ served, homes }: Composition, { lane }: LaneBand, unitMs: number): void {
    lane.learnUnit(unitMs);
    for (const account of served.keys()) {
      const home = this.queues.laneBands[lane.firstBand + account.band];
      if (home) this.queues.rekey(account, home);
      this.queues.settle(account);
    }
    for (const home of homes) this.queues.reindex(home);
    for (const band of this.queues.bands) band.advance();
  }

  private speedOf({ cost, laneBand }: Fit, { deviceClass }: DeviceState): number {
    const { lane } = laneBand;
    const reference = lane.referenceCost;
    if (!reference || lane.model.referenceClass === deviceClass) return 1;
    return reference.expectedMs(8) / cost.expectedMs(8);
  }
}
