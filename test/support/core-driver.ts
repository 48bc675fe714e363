import type { Command, RunBatchCommand } from '../../src/gpu-scheduler/fairfit/commands.js';
import { SchedulerCore } from '../../src/gpu-scheduler/fairfit/core.js';
import type { EnqueuedItem, SchedulerEvent } from '../../src/gpu-scheduler/fairfit/events.js';

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
  readonly core = new SchedulerCore();
  readonly steps: Step[] = [];
  /** Batches on a device, oldest first. */
  readonly running: RunBatchCommand[] = [];
  /** How each item ended; an item that ends twice appears twice. */
  readonly ends: { itemId: string; how: string }[] = [];
  readonly batches: RunBatchCommand[] = [];
  readonly enqueued = new Map<string, EnqueuedItem>();
  timerAtMs: number | null = null;
  nowMs = 0;

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
    for (const { itemId } of run.items) if (!this.isEnded(itemId)) this.ends.push({ itemId, how });
    this.send(
      how === 'completed' ? { type: how, batch: run.batch, deviceMs: afterMs } : { type: how, batch: run.batch },
      afterMs,
    );
    return run;
  }

  /** Item ids of the latest batch, in slot order. */
  lastBatch(): string[] {
    return this.batches.at(-1)?.items.map((slot) => slot.itemId) ?? [];
  }

  isEnded(itemId: string): boolean {
    return this.ends.some((end) => end.itemId === itemId);
  }

  private note(command: Command): void {
    if (command.type === 'armTimer') this.timerAtMs = command.atMs;
    if (command.type === 'reject') this.ends.push({ itemId: command.itemId, how: command.code });
    if (command.type === 'runBatch') {
      this.running.push(command);
      this.batches.push(command);
    }
    if (command.type === 'abandonBatch') {
      const run = this.batches.find((b) => b.batch === command.batch);
      for (const { itemId } of run?.items ?? []) this.ends.push({ itemId, how: 'abandoned' });
    }
  }
}
