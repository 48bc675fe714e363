import type { Command } from '../../../src/gpu-scheduler/fairfit/commands.js';
import { SchedulerCore } from '../../../src/gpu-scheduler/fairfit/core.js';
import type { SchedulerEvent } from '../../../src/gpu-scheduler/fairfit/events.js';
import { mulberry32, type Random } from '../machine/random.js';

export interface SteadyLoad {
  readonly queued: number;
  readonly tenants: number;
  readonly lanes: number;
  readonly devices: number;
}

/** One handled event. */
export interface Decision {
  readonly type: SchedulerEvent['type'];
  readonly ms: number;
  /** Elementary steps that the core counted: they do not depend on the machine. */
  readonly steps: number;
  /** Items that left in batches. */
  readonly sentItems: number;
}

interface Busy {
  readonly batch: number;
  readonly device: string;
  readonly rows: number;
  readonly endsAt: number;
}

/** Items may wait this long, ms: queued work is dated, and a part of it expires. */
const SLO_MS = 60_000;
const MAX_BATCH = 32;

/** A core whose queue is kept at one length: every batch that leaves is replaced by as many new items. */
export class SteadyCore {
  private readonly core = new SchedulerCore();
  private readonly random: Random = mulberry32(1);
  private readonly busy: Busy[] = [];
  private now = 0;
  private items = 0;
  private queuedItems = 0;
  private armedAtMs = Infinity;

  constructor(
    private readonly load: SteadyLoad,
    private readonly onDecision: (decision: Decision) => void,
  ) {
    for (let d = 0; d < load.devices; d += 1) {
      this.post({ type: 'deviceUp', device: `d${d}`, rank: d, deviceClass: 'gpu' });
      for (let lane = 0; lane < load.lanes; lane += 1) {
        const profiles = [{ shapeBucket: 'any', a: 1, c: 5, samples: [] }];
        this.post({ type: 'loaded', device: `d${d}`, modelVersionId: `m${lane}`, profiles });
      }
    }
    while (this.queuedItems < load.queued) this.enqueue();
  }

  /** Items that wait. */
  get queued(): number {
    return this.queuedItems;
  }

  /** The next end of a run, the new items that make up for its batch, and timers that are due. */
  step(): void {
    const next = this.busy.reduce((soonest, run) => (run.endsAt < soonest.endsAt ? run : soonest));
    while (this.armedAtMs <= next.endsAt) {
      this.now = Math.max(this.now, this.armedAtMs);
      this.armedAtMs = Infinity;
      this.post({ type: 'timer' });
    }
    this.now = next.endsAt;
    this.busy.splice(this.busy.indexOf(next), 1);
    this.post({ type: 'completed', batch: next.batch, deviceMs: next.rows + 5 });
    while (this.queuedItems < this.load.queued) this.enqueue();
  }

  private enqueue(): void {
    const tenant = Math.floor(this.random() * this.load.tenants);
    const lane = Math.floor(this.random() * this.load.lanes);
    this.items += 1;
    this.queuedItems += 1;
    this.post({
      type: 'enqueue',
      item: {
        itemId: `i${this.items}`,
        tenantId: `t${tenant}`,
        weight: 1 + (tenant % 4),
        band: 'standard',
        modelVersionId: `m${lane}`,
        shapeBucket: 'any',
        alone: false,
        size: 1,
        maxBatchSize: MAX_BATCH,
        deadlineMs: this.now + SLO_MS * (0.5 + this.random()),
        maxEnqueued: 1e9,
        maxInFlight: null,
      },
    });
  }

  private post(event: SchedulerEvent): void {
    const stepsBefore = this.core.work.steps;
    const began = performance.now();
    const commands = this.core.handle(event, this.now);
    const ms = performance.now() - began;
    const steps = this.core.work.steps - stepsBefore;
    let sentItems = 0;
    for (const command of commands) sentItems += this.obey(command);
    this.onDecision({ type: event.type, ms, steps, sentItems });
  }

  /** @returns items that leave in a batch */
  private obey(command: Command): number {
    if (command.type === 'armTimer') this.armedAtMs = command.atMs ?? Infinity;
    if (command.type === 'reject') this.queuedItems -= 1;
    if (command.type !== 'runBatch') return 0;
    const { batch, device, rows } = command;
    this.queuedItems -= command.items.length;
    this.busy.push({ batch, device, rows, endsAt: this.now + rows + 5 });
    return command.items.length;
  }
}
