import type {
  Command,
  LoadModelCommand,
  RunBatchCommand,
  UnloadModelCommand,
} from '../../src/gpu-scheduler/fairfit/commands.js';
import { SchedulerCore } from '../../src/gpu-scheduler/fairfit/core.js';
import type { EnqueuedItem, SchedulerEvent } from '../../src/gpu-scheduler/fairfit/events.js';
import type { FairFitOptions } from '../../src/gpu-scheduler/fairfit/options.js';

/** An event with its time and the commands that it caused. */
export interface Step {
  readonly event: SchedulerEvent;
  readonly nowMs: number;
  readonly commands: readonly Command[];
}

export const MODEL = 'model-a';

/** An item of 1 row of tenant `a` in the standard band, undated and without limits, unless told otherwise. */
export function itemOf(itemId: string, facts: Partial<EnqueuedItem> = {}): EnqueuedItem {
  return {
    itemId,
    tenantId: 'a',
    weight: 1,
    band: 'standard',
    modelVersionId: MODEL,
    shapeBucket: 'default',
    alone: false,
    size: 1,
    maxBatchSize: 8,
    deadlineMs: null,
    maxEnqueued: 1024,
    maxInFlight: null,
    ...facts,
  };
}

/** A seed profile: L(b) = b + 5 ms. */
export const PROFILE = {
  shapeBucket: 'default',
  a: 1,
  c: 5,
  samples: [1, 2, 4, 8].map((size) => ({ size, ms: size + 5 })),
};

/** Feeds a core by hand, owns the time and keeps the book of what became of each item. */
export class CoreDriver {
  readonly core: SchedulerCore;
  readonly steps: Step[] = [];
  /** Batches on a device, oldest first. */
  readonly running: RunBatchCommand[] = [];
  /** How each item ended; an item that ends twice appears twice. */
  readonly ends: { itemId: string; how: string }[] = [];
  private readonly ended = new Set<string>();
  readonly batches: RunBatchCommand[] = [];
  readonly enqueued = new Map<string, EnqueuedItem>();
  /** Loads and unloads that wait for an answer. */
  readonly loading: LoadModelCommand[] = [];
  readonly unloading: UnloadModelCommand[] = [];
  timerAtMs: number | null = null;
  nowMs = 0;
  /** The core decides what is resident. */
  hasBudget = false;

  constructor(readonly options: Partial<FairFitOptions> = {}) {
    this.core = new SchedulerCore(options);
  }

  send(event: SchedulerEvent, afterMs = 0): readonly Command[] {
    this.nowMs += afterMs;
    if (event.type === 'enqueue') this.enqueued.set(event.item.itemId, event.item);
    if (event.type === 'timer') this.timerAtMs = null;
    const commands = this.core.handle(event, this.nowMs);
    this.steps.push({ event, nowMs: this.nowMs, commands });
    for (const command of commands) this.note(command);
    return commands;
  }

  enqueue(itemId: string, facts: Partial<EnqueuedItem> = {}, afterMs = 0): readonly Command[] {
    return this.send({ type: 'enqueue', item: itemOf(itemId, facts) }, afterMs);
  }

  /** A device that is up with the models resident. */
  addDevice(device = 'cpu:0', models: readonly string[] = [MODEL], rank = 0): void {
    this.send({ type: 'deviceUp', device, rank });
    for (const modelVersionId of models) this.send({ type: 'loaded', device, modelVersionId, profiles: [PROFILE] });
  }

  /** Ends the oldest running batch, or the given one. */
  finish(afterMs = 10, how: 'completed' | 'failed' = 'completed', at = 0): RunBatchCommand {
    const [run] = this.running.splice(at, 1);
    if (!run) throw new Error('nothing runs');
    for (const { itemId } of run.items) if (!this.isEnded(itemId)) this.end(itemId, how);
    this.send(
      how === 'completed' ? { type: how, batch: run.batch, deviceMs: afterMs } : { type: how, batch: run.batch },
      afterMs,
    );
    return run;
  }

  /** Confirms every unload, then ends the oldest load; false when there was none. */
  answerLoads(afterMs = 0, how: 'loaded' | 'failed' = 'loaded'): boolean {
    for (const { device, modelVersionId } of this.unloading.splice(0)) {
      this.send({ type: 'unloaded', device, modelVersionId });
    }
    const load = this.loading.shift();
    if (!load) return false;
    const { device, modelVersionId } = load;
    if (how === 'failed') this.send({ type: 'loadFailed', device, modelVersionId, why: 'broken' }, afterMs);
    else this.send({ type: 'loaded', device, modelVersionId, profiles: [], loadMs: afterMs }, afterMs);
    return true;
  }

  /** Lets time pass to the timer. False when none is armed. */
  fireTimer(): boolean {
    if (this.timerAtMs === null) return false;
    this.send({ type: 'timer' }, Math.max(0, this.timerAtMs - this.nowMs));
    return true;
  }

  /** Item ids of the latest batch, in slot order. */
  lastBatch(): string[] {
    return this.batches.at(-1)?.items.map((slot) => slot.itemId) ?? [];
  }

  isEnded(itemId: string): boolean {
    return this.ended.has(itemId);
  }

  private end(itemId: string, how: string): void {
    this.ended.add(itemId);
    this.ends.push({ itemId, how });
  }

  private note(command: Command): void {
    if (command.type === 'armTimer') this.timerAtMs = command.atMs;
    if (command.type === 'loadModel') this.loading.push(command);
    if (command.type === 'unloadModel') this.unloading.push(command);
    if (command.type === 'reject') this.end(command.itemId, command.code);
    if (command.type === 'runBatch') {
      this.running.push(command);
      this.batches.push(command);
    }
    if (command.type === 'abandonBatch') {
      const run = this.batches.find((b) => b.batch === command.batch);
      for (const { itemId } of run?.items ?? []) this.end(itemId, 'abandoned');
    }
  }
}
