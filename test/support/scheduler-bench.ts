import { Clock } from '../../src/common/clock.js';
import { BatchRunner } from '../../src/gpu-scheduler/batch-runner.js';
import { CoreStateStore } from '../../src/gpu-scheduler/core-state-store.js';
import { DevicePool } from '../../src/gpu-scheduler/device-pool.js';
import type { CoreState } from '../../src/gpu-scheduler/fairfit/events.js';
import { GpuSchedulerService } from '../../src/gpu-scheduler/gpu-scheduler.service.js';
import { SchedulerMetrics } from '../../src/gpu-scheduler/scheduler-metrics.js';
import { SchedulerSettings } from '../../src/gpu-scheduler/scheduler-settings.js';
import { StageRecorder, type StageTransition } from '../../src/gpu-scheduler/stage-recorder.js';
import { StateKeeper } from '../../src/gpu-scheduler/state-keeper.js';
import type { WorkItem } from '../../src/gpu-scheduler/work-item.js';
import type { ModelVersion } from '../../src/inference/model-version.js';
import { ModelStore } from '../../src/inference/models/model-catalog.js';
import { RuntimeRegistry } from '../../src/inference/runtimes/runtime-registry.js';
import { FakeRuntime, fakeModel } from './fake-runtime.js';

/** A clock that the test moves. Epoch time starts at 1,000,000 s. */
export class ManualClock extends Clock {
  elapsedMs = 0;
  now(): number {
    return 1_000_000_000 + this.elapsedMs;
  }
  monotonic(): number {
    return this.elapsedMs;
  }
}

/** Keeps what the scheduler reported, and can be told to throw. */
export class MemoryRecorder extends StageRecorder {
  readonly transitions: StageTransition[] = [];
  isBroken = false;
  record(transitions: readonly StageTransition[]): void {
    if (this.isBroken) throw new Error('the journal is full');
    this.transitions.push(...transitions);
  }
}

/** Keeps what was saved last. */
export class MemoryStates extends CoreStateStore {
  state: unknown = null;
  async load(): Promise<unknown> {
    return this.state;
  }
  async save(state: CoreState): Promise<void> {
    this.state = JSON.parse(JSON.stringify(state));
  }
}

/** A store with the given models. */
export class FixedModels extends ModelStore {
  constructor(private readonly models: readonly ModelVersion[]) {
    super();
  }
  list(): readonly ModelVersion[] {
    return this.models;
  }
  byName(name: string): ModelVersion {
    return this.find((model) => model.name === name);
  }
  byId(id: string): ModelVersion {
    return this.find((model) => model.id === id);
  }
  private find(isIt: (model: ModelVersion) => boolean): ModelVersion {
    const model = this.models.find(isIt);
    if (!model) throw new Error('no such model');
    return model;
  }
}

export const MODEL = fakeModel('model-a', 1);
export const OTHER_MODEL = fakeModel('model-b', 2);

/** A scheduler over a fake runtime with a clock and a recorder that the test owns. */
export class SchedulerBench {
  readonly clock = new ManualClock();
  readonly recorder = new MemoryRecorder();
  readonly metrics = new SchedulerMetrics();
  readonly states = new MemoryStates();
  readonly pool: DevicePool;
  readonly scheduler: GpuSchedulerService;

  constructor(
    readonly runtime = new FakeRuntime(),
    models: readonly ModelVersion[] = [MODEL],
    given: Partial<SchedulerSettings> = {},
  ) {
    const settings = new SchedulerSettings({ workerId: 'worker-1', ...given });
    this.pool = new DevicePool(new RuntimeRegistry([runtime]), new FixedModels(models), settings);
    const runner = new BatchRunner(this.pool, this.recorder, this.metrics, settings);
    const keeper = new StateKeeper(this.states);
    this.scheduler = new GpuSchedulerService(this.pool, runner, this.clock, this.metrics, settings, keeper);
  }

  /** Starts the devices and waits until the models are resident. */
  async ready(): Promise<this> {
    await this.scheduler.onApplicationBootstrap();
    await turn();
    return this;
  }

  item(itemId: string, facts: Partial<WorkItem> = {}): WorkItem {
    return {
      itemId,
      tenantId: 'ten_a',
      weight: 1,
      band: 'standard',
      lane: { modelVersionId: MODEL.id, shapeBucket: 'default' },
      size: 1,
      input: {},
      ...facts,
    };
  }
}

/** Lets everything that is already resolved happen: one turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
