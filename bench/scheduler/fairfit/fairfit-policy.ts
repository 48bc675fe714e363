import type { Command } from '../../../src/gpu-scheduler/fairfit/commands.js';
import { SchedulerCore } from '../../../src/gpu-scheduler/fairfit/core.js';
import type { SchedulerEvent, SeedProfile } from '../../../src/gpu-scheduler/fairfit/events.js';
import type { FairFitOptions } from '../../../src/gpu-scheduler/fairfit/options.js';
import type { Policy, Run, RunEnd, RunningRun } from '../machine/policy.js';
import type { Scenario } from '../machine/scenario.js';
import type { SimItem } from '../machine/sim-item.js';
import { MAX_BATCH } from '../peers/peer-view.js';
import { believedProfile, warmUpProfile } from './warm-up.js';

/** A model of one slot weighs this much; a device has as many as it has slots. */
const SLOT_BYTES = 1_000_000;

export interface FairFitSetup {
  readonly options?: Partial<FairFitOptions>;
  /** `warmUp`: lines come from a few noisy runs; `given`: they are the scenario's belief. */
  readonly costs: 'warmUp' | 'given';
  /** Devices that this core has; default all. */
  readonly devices?: readonly number[];
  /** Told of every handled event: its type and how long the core took, ms. */
  readonly onDecision?: (type: SchedulerEvent['type'], ms: number) => void;
}

/** The product's scheduler core as a policy of the simulator: the only file that knows both. */
export class FairFitPolicy implements Policy {
  readonly core: SchedulerCore;
  private readonly attempts: SimItem[] = [];
  private readonly batches = new Map<Run, number>();
  private readonly ready: Run[] = [];
  private armedAtMs: number | null = null;

  constructor(
    private readonly scenario: Scenario,
    private readonly setup: FairFitSetup,
  ) {
    this.core = new SchedulerCore(setup.options ?? {});
    if (this.hasResidency) this.announceModels();
    for (const device of this.setup.devices ?? scenario.devices.keys()) this.bringUp(device, 0);
  }

  arrive(item: SimItem, now: number): void {
    const { kind } = item;
    const { weight = 1, limits } = this.scenario.tenants[item.tenant] ?? {};
    this.attempts.push(item);
    this.post(
      {
        type: 'enqueue',
        item: {
          itemId: String(this.attempts.length - 1),
          tenantId: tenantId(item.tenant),
          weight,
          band: kind.band,
          modelVersionId: `m${item.lane}`,
          shapeBucket: 'any',
          alone: false,
          size: kind.size,
          maxBatchSize: MAX_BATCH,
          deadlineMs: item.deadline === Infinity ? null : item.deadline,
          maxEnqueued: limits?.maxEnqueued ?? 1e9,
          maxInFlight: limits?.maxInFlight ?? null,
        },
      },
      now,
    );
  }

  ask(): Run | null {
    return this.ready.shift() ?? null;
  }

  wakeAt(): number {
    return Infinity;
  }

  timerAt(): number {
    return this.armedAtMs ?? Infinity;
  }

  onTimer(now: number): void {
    this.armedAtMs = null;
    this.post({ type: 'timer' }, now);
  }

  ended(run: RunningRun, end: RunEnd, now: number): void {
    const device = deviceId(run.device);
    if (run.items.length === 0) {
      const { loadMs } = this.scenario;
      if (end === 'done') {
        this.post({ type: 'loaded', device, modelVersionId: `m${run.lane}`, profiles: [], loadMs }, now);
      }
      return;
    }
    const batch = this.takeBatch(run.items);
    if (end === 'done') this.post({ type: 'completed', batch, deviceMs: run.actualMs }, now);
    else this.post({ type: 'failed', batch, cause: 'device' }, now);
  }

  deviceAway(device: number, now: number): void {
    this.post({ type: 'deviceDown', device: deviceId(device) }, now);
    for (const run of this.ready.filter((ready) => ready.device === device)) {
      this.ready.splice(this.ready.indexOf(run), 1);
      if (run.items.length > 0) {
        this.post({ type: 'failed', batch: this.takeBatch(run.items), cause: 'device' }, now);
        for (const item of run.items) this.arrive(item, now);
      }
    }
  }

  deviceBack(device: number, now: number): void {
    this.bringUp(device, now);
  }

  private get hasResidency(): boolean {
    return this.scenario.devices.some(({ slots }) => slots !== Infinity);
  }

  private post(event: SchedulerEvent, now: number): void {
    const { onDecision } = this.setup;
    const began = onDecision ? performance.now() : 0;
    const commands = this.core.handle(event, now);
    onDecision?.(event.type, performance.now() - began);
    for (const command of commands) this.obey(command, now);
  }

  private obey(command: Command, now: number): void {
    switch (command.type) {
      case 'runBatch': {
        const items = command.items.map(({ itemId }) => this.attempts[Number(itemId)] as SimItem);
        const run = { device: deviceIndex(command.device), lane: laneIndex(command), items, withLoad: false };
        this.batches.set(run, command.batch);
        this.ready.push(run);
        return;
      }
      case 'loadModel':
        this.ready.push({
          device: deviceIndex(command.device),
          lane: laneIndex(command),
          items: [],
          withLoad: true,
        });
        return;
      case 'unloadModel': {
        const { device, modelVersionId } = command;
        return this.post({ type: 'unloaded', device, modelVersionId }, now);
      }
      case 'armTimer':
        this.armedAtMs = command.atMs;
    }
  }

  private takeBatch(items: readonly SimItem[]): number {
    for (const [run, batch] of this.batches) {
      if (run.items !== items) continue;
      this.batches.delete(run);
      return batch;
    }
    throw new Error('A run ended that the core did not order.');
  }

  private announceModels(): void {
    this.scenario.lanes.forEach(({ sloMs }, lane) => {
      const classes = [...new Set(this.scenario.devices.map(({ slowdown }) => slowdown))];
      const profiles = classes.map((slowdown) => ({
        deviceClass: deviceClass(slowdown),
        profiles: [this.profile(lane, slowdown)],
      }));
      const { loadMs } = this.scenario;
      const model = { modelVersionId: `m${lane}`, sizeBytes: SLOT_BYTES, loadMs, sloMs, profiles };
      this.post({ type: 'model', model }, 0);
    });
  }

  private bringUp(device: number, now: number): void {
    const spec = this.scenario.devices[device];
    if (!spec) return;
    this.post(
      {
        type: 'deviceUp',
        device: deviceId(device),
        rank: device,
        deviceClass: deviceClass(spec.slowdown),
        ...(spec.slots === Infinity ? {} : { memoryBytes: spec.slots * SLOT_BYTES }),
      },
      now,
    );
    if (this.hasResidency) return;
    this.scenario.lanes.forEach((_, lane) => {
      const profiles = [this.profile(lane, spec.slowdown)];
      this.post({ type: 'loaded', device: deviceId(device), modelVersionId: `m${lane}`, profiles }, now);
    });
  }

  private profile(lane: number, slowdown: number): SeedProfile {
    const spec = this.scenario.lanes[lane];
    if (!spec) throw new Error(`There is no lane ${lane}.`);
    const { belief, noise, seed } = this.scenario;
    if (this.setup.costs === 'given') return believedProfile(spec, slowdown, belief);
    return warmUpProfile(spec, slowdown, noise, seed * 31 + lane);
  }
}

/** The id under which the core knows a tenant of the scenario. */
export function tenantId(tenant: number): string {
  return `t${String(tenant).padStart(4, '0')}`;
}

function deviceId(device: number): string {
  return `d${String(device).padStart(2, '0')}`;
}

function deviceIndex(id: string): number {
  return Number(id.slice(1));
}

function deviceClass(slowdown: number): string {
  return `class-${slowdown}`;
}

function laneIndex({ modelVersionId }: { readonly modelVersionId: string }): number {
  return Number(modelVersionId.slice(1));
}
