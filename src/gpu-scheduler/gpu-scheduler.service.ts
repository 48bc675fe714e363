import { type BeforeApplicationShutdown, Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { Clock } from '../common/clock.js';
import type { ModelVersion } from '../inference/model-version.js';
import { BatchRunner, type Member, type RunOutcome } from './batch-runner.js';
import { CoreLoop } from './core-loop.js';
import { type Decision, DecisionLog, type Recording } from './decision-log.js';
import { DevicePool } from './device-pool.js';
import { latestDispatches } from './dispatch-view.js';
import type { Command, RunBatchCommand } from './fairfit/commands.js';
import type { EnqueuedItem } from './fairfit/events.js';
import { SchedulerError } from './gpu-scheduler.errors.js';
import { PendingItem } from './pending-item.js';
import { SchedulerMetrics } from './scheduler-metrics.js';
import { SchedulerSettings } from './scheduler-settings.js';
import type { DrainReport, SchedulerStats, WaitExplanation } from './scheduler-stats.js';
import { type TenantWaits, waitsByTenant } from './waiting-items.js';
import { StateKeeper } from './state-keeper.js';
import { TensorMemory } from './tensor-memory.js';
import { assertValidItem } from './work-item-check.js';
import type { Completed, DeadlineAction, PriorityBand, WorkItem } from './work-item.js';

/** A tenant's window holds this many usual deadlines of its share, but never less than a claim and its preparation take. */
const WINDOW_DEADLINES = 2;
const MIN_WINDOW_MS = 200;
/** Work per device that a worker holds in any case: a claim and its preparation take tens of ms. */
const MIN_SATED_MS = 100;
/** Dispatches in a snapshot, which goes into every heartbeat: 32 of some 200 bytes are 6 KiB. */
const SHOWN_DISPATCHES = 32;
/** When an item that found no memory may be submitted again. */
const MEMORY_RETRY_MS = 1_000;
/** The part of a window that has to be free before more is claimed. */
const MIN_CLAIM_PART = 0.25;

/**
 * Forms inference batches across tenants and runs them on this worker's devices. The shell around the core: it holds
 * promises and tensors and carries out commands; every decision is the core's.
 */
@Injectable()
export class GpuSchedulerService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(GpuSchedulerService.name);
  private readonly log = new DecisionLog();
  private readonly loop: CoreLoop;
  private readonly pending = new Map<string, PendingItem>();
  private readonly memory: TensorMemory;
  private readonly inFlight = new Map<number, readonly Member[]>();
  private draining: Promise<DrainReport> | null = null;
  private onIdle: () => void = () => undefined;

  constructor(
    private readonly pool: DevicePool,
    private readonly runner: BatchRunner,
    private readonly clock: Clock,
    private readonly metrics: SchedulerMetrics,
    private readonly settings: SchedulerSettings,
    private readonly keeper: StateKeeper,
  ) {
    this.memory = new TensorMemory(settings.maxEnqueuedBytes);
    const execute = (commands: readonly Command[], nowMs: number): void => this.execute(commands, nowMs);
    this.loop = new CoreLoop(clock, this.log, execute, settings.coreOptions);
  }

  /**
   * Takes over what the last process knew, starts loading the models and returns; items that are submitted meanwhile wait
   * for theirs.
   */
  async onApplicationBootstrap(): Promise<void> {
    const state = await this.keeper.restored();
    if (state) this.loop.post({ type: 'restore', state });
    this.keeper.start(() => this.loop.core.exportState());
    this.pool
      .start((event) => this.loop.post(event))
      .catch((error: unknown) => {
        this.logger.error(`starting the devices failed: ${(error as Error).message}`);
      });
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.pool.stop();
    await this.drain();
    await this.keeper.stop(this.loop.core.exportState());
  }

  /**
   * Queues an item and resolves with its output and receipt. Settles exactly once. An abort while queued rejects with
   * `canceled`; in flight it changes nothing. Rejects with SchedulerError only.
   */
  async submit(item: WorkItem, options: { readonly signal?: AbortSignal } = {}): Promise<Completed> {
    const pending = this.enter(item, options.signal);
    this.loop.post({ type: 'enqueue', item: this.factsOf(pending) });
    return pending.promise;
  }

  /**
   * Queues items of one moment, such as the rows of one job, before any of them leaves: on a free device they leave
   * together. Each settles as with `submit`.
   */
  submitAll(
    items: readonly WorkItem[],
    options: { readonly signal?: AbortSignal } = {},
  ): readonly Promise<Completed>[] {
    const entered: PendingItem[] = [];
    const promises = items.map(async (item): Promise<Completed> => {
      const pending = this.enter(item, options.signal);
      entered.push(pending);
      return pending.promise;
    });
    this.loop.post({ type: 'enqueueAll', items: entered.map((pending) => this.factsOf(pending)) });
    return promises;
  }

  /** Takes a queued item out of the queue: its promise rejects with `canceled`. A running item runs on. */
  cancel(itemId: string): 'canceled' | 'in_flight' | 'unknown' {
    const pending = this.pending.get(itemId);
    if (!pending) return 'unknown';
    if (pending.state === 'in_flight') return 'in_flight';
    this.loop.post({ type: 'cancel', itemId });
    return 'canceled';
  }

  /** Why the item waits, where it stands and when it may start; undefined when it is not here. */
  explain(itemId: string): WaitExplanation | undefined {
    const pending = this.pending.get(itemId);
    if (!pending) return undefined;
    const view = this.loop.core.explain(itemId, this.loop.now());
    return view ? { itemId, state: 'queued', ...view } : { itemId, state: 'in_flight' };
  }

  /** The tenants with an item that waits this long already: why, and what a further item of them would wait for. */
  waits(minWaitMs: number): readonly TenantWaits[] {
    return waitsByTenant(this.pending.values(), this.loop.core, minWaitMs, this.loop.now());
  }

  /**
   * Rows that may still be claimed for the tenant in this band and the bands above it: what its share of the devices works
   * off within two usual deadlines, less what is queued, and within its share of the tensor memory. Rows that are claimed
   * but not submitted yet count not.
   */
  room(tenantId: string, band: PriorityBand): number {
    if (this.draining) return 0;
    const rows = this.windowOf(tenantId, band) - this.loop.core.queuedRowsFrom(tenantId, band);
    return Math.max(0, Math.min(rows, this.memory.roomFor(tenantId) * this.loop.core.itemRows(tenantId)));
  }

  /**
   * The same in items of the tenant's usual size, for a claimer: 0 until a quarter of the window is free, because taking
   * items in ones and twos costs a commit each.
   * @param ahead items of these bands that are claimed and not submitted yet
   */
  claimable(tenantId: string, band: PriorityBand, ahead: number): number {
    const itemRows = this.loop.core.itemRows(tenantId);
    const rows = this.room(tenantId, band) - ahead * itemRows;
    if (rows <= 0 || rows < MIN_CLAIM_PART * this.windowOf(tenantId, band)) return 0;
    return Math.max(1, Math.floor(rows / itemRows));
  }

  /** True while tenants within their share have enough queued here: claim nothing, another worker may be sooner. */
  get isSated(): boolean {
    return this.loop.core.isSated(MIN_SATED_MS);
  }

  /** How far the tenant is ahead of its share, ms per weight: claim for tenants in ascending order. */
  leadMs(tenantId: string): number {
    return this.loop.core.leadMs(tenantId);
  }

  /**
   * Ends admission, lets queued items run until the timeout, rejects the rest with `draining` and waits for what runs.
   * @param options.timeoutMs default: the settings' `drainMs`. A second call can only shorten it.
   */
  drain(options: { readonly timeoutMs?: number } = {}): Promise<DrainReport> {
    const untilMs = this.loop.now() + (options.timeoutMs ?? this.settings.drainMs);
    this.draining ??= this.waitUntilIdle();
    this.loop.post({ type: 'drain', untilMs });
    this.checkIdle();
    return this.draining;
  }

  /** A plain snapshot. */
  stats(): SchedulerStats {
    const { lanes, tenants, bands, devices, platformMs, eta, isDraining } = this.loop.core.snapshot();
    const bootedAt = this.clock.now() - this.loop.now();
    const known = new Map(this.pool.devices().map((device) => [device.id, device]));
    return {
      workerId: this.settings.workerId,
      isDraining,
      lanes,
      tenants,
      bands,
      platformMs,
      eta,
      devices: devices.flatMap((device) => {
        const status = known.get(device.id);
        return status ? [{ ...device, ...status }] : [];
      }),
      dispatches: latestDispatches(this.log.entries(), SHOWN_DISPATCHES, (ms) => bootedAt + ms),
      counters: this.metrics.counters(),
    };
  }

  /** The latest decisions, oldest first. */
  decisions(): readonly Decision[] {
    return this.log.entries();
  }

  /** The latest decisions with a core to `replay` them from; null before the first. */
  recording(): Recording | null {
    return this.log.recording();
  }

  private windowOf(tenantId: string, band: PriorityBand): number {
    const { windowMs, windowRows, maxEnqueued } = this.settings;
    const { core } = this.loop;
    const deadlineMs = core.usualDeadlineMs() ?? windowMs;
    const forMs = Math.min(windowMs, Math.max(MIN_WINDOW_MS, WINDOW_DEADLINES * deadlineMs));
    return Math.min(maxEnqueued, core.windowRows(tenantId, band, forMs) ?? windowRows);
  }

  private enter(item: WorkItem, signal: AbortSignal | undefined): PendingItem {
    const pending = this.admit(item, signal);
    this.pending.set(item.itemId, pending);
    this.memory.add(item.tenantId, pending.bytes);
    this.metrics.submitted();
    pending.watch(signal, () => this.cancel(item.itemId));
    return pending;
  }

  private admit(item: WorkItem, signal: AbortSignal | undefined): PendingItem {
    try {
      assertValidItem(item);
      if (signal?.aborted) throw new SchedulerError('canceled', 'The item was canceled before it was queued.');
      if (this.pending.has(item.itemId))
        throw new SchedulerError('invalid_item', `Item ${item.itemId} is here already.`);
      const pending = new PendingItem(item, this.modelOf(item), this.clock.now(), this.loop.now());
      if (this.memory.fits(pending.bytes)) return pending;
      const message = `The tensors of queued items take ${this.memory.bytes} bytes; retry later.`;
      throw new SchedulerError('queue_full', message, { retryAfterMs: MEMORY_RETRY_MS });
    } catch (error) {
      if (error instanceof SchedulerError) this.metrics.rejected(error.code);
      throw error;
    }
  }

  private modelOf({ lane }: WorkItem): ModelVersion {
    const model = this.pool.model(lane.modelVersionId);
    if (model) return model;
    throw new SchedulerError('model_unavailable', `This worker knows no model version ${lane.modelVersionId}.`);
  }

  private factsOf({ item, model, enqueuedAt, enqueuedMs }: PendingItem): EnqueuedItem {
    return {
      itemId: item.itemId,
      tenantId: item.tenantId,
      weight: item.weight,
      band: item.band,
      modelVersionId: model.id,
      shapeBucket: item.lane.shapeBucket,
      alone: item.lane.alone ?? false,
      size: item.size,
      maxBatchSize: model.maxBatchSize,
      deadlineMs: item.deadlineAt === undefined ? null : enqueuedMs + item.deadlineAt - enqueuedAt,
      maxEnqueued: item.limits?.maxEnqueued ?? this.settings.maxEnqueued,
      maxInFlight: item.limits?.maxInFlight ?? null,
      ...(this.deadlineActionOf(item) === 'demote' ? { deadlineAction: 'demote' as const } : {}),
    };
  }

  private deadlineActionOf({ deadlineAction }: WorkItem): DeadlineAction {
    return deadlineAction ?? this.settings.deadlineAction;
  }

  /** Marks what leaves the queue before anything else is told of it: a recorder may ask about any item. */
  private execute(commands: readonly Command[], nowMs: number): void {
    for (const command of commands) if (command.type === 'runBatch') this.takeFromQueue(command);
    for (const command of commands) {
      if (command.type === 'reject') {
        const { code, message, retryAfterMs } = command;
        this.reject(command.itemId, new SchedulerError(code, message, retryAfterMs ? { retryAfterMs } : {}));
      } else if (command.type === 'runBatch') this.run(command, nowMs);
      else if (command.type === 'abandonBatch') this.abandon(command.batch);
      else if (command.type === 'loadModel') void this.pool.load(command.device, command.modelVersionId);
      else if (command.type === 'unloadModel') void this.pool.unload(command.device, command.modelVersionId);
    }
  }

  private takeFromQueue(command: RunBatchCommand): void {
    const members = command.items.flatMap((slot): Member[] => {
      const pending = this.pending.get(slot.itemId);
      if (pending) pending.state = 'in_flight';
      return pending ? [{ slot, pending }] : [];
    });
    this.inFlight.set(command.batch, members);
  }

  private run(command: RunBatchCommand, nowMs: number): void {
    const members = this.inFlight.get(command.batch) ?? [];
    void this.runner.start(command, members, nowMs).then((outcome) => this.finish(command, outcome));
  }

  /** Frees the device first, so that it is not idle while receipts are written. */
  private finish(command: RunBatchCommand, outcome: RunOutcome): void {
    const { batch } = command;
    const members = this.inFlight.get(batch) ?? [];
    this.inFlight.delete(batch);
    if (outcome instanceof SchedulerError) {
      this.metrics.failed();
      this.loop.post({ type: 'failed', batch, cause: outcome.code === 'inference_failed' ? 'input' : 'device' });
      for (const { slot } of members) this.reject(slot.itemId, outcome);
      return;
    }
    const finishedMs = this.loop.now();
    const { deviceMs } = outcome.result;
    this.metrics.completed(command.device, members.length, deviceMs);
    this.loop.post({ type: 'completed', batch, deviceMs });
    this.runner.complete(members, outcome, finishedMs).forEach((completed, i) => {
      const pending = members[i]?.pending;
      if (!pending) return;
      this.forget(pending);
      pending.resolve(completed);
    });
    this.checkIdle();
  }

  /** The runtime broke its promise to answer within the limit. Its late answer only frees the device. */
  private abandon(batch: number): void {
    const members = this.inFlight.get(batch) ?? [];
    const error = new SchedulerError('device_lost', 'The device gave no answer within the limit of the run.', {
      batchItems: members.length,
    });
    for (const { slot } of members) this.reject(slot.itemId, error);
    this.inFlight.set(batch, []);
  }

  private reject(itemId: string, error: SchedulerError): void {
    const pending = this.pending.get(itemId);
    if (!pending) return;
    this.forget(pending);
    this.metrics.rejected(error.code);
    pending.reject(error);
    this.checkIdle();
  }

  private forget({ item, bytes }: PendingItem): void {
    if (this.pending.delete(item.itemId)) this.memory.remove(item.tenantId, bytes);
  }

  private async waitUntilIdle(): Promise<DrainReport> {
    const startedMs = this.loop.now();
    const before = this.metrics.counters().itemsCompleted;
    const items = this.pending.size;
    await new Promise<void>((resolve) => (this.onIdle = resolve));
    this.loop.stop();
    const completedItems = this.metrics.counters().itemsCompleted - before;
    return { completedItems, rejectedItems: items - completedItems, waitedMs: this.loop.now() - startedMs };
  }

  private checkIdle(): void {
    if (this.draining && this.pending.size === 0) this.onIdle();
  }
}
