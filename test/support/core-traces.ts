import fc from 'fast-check';
import { SchedulerCore } from '../../src/gpu-scheduler/fairfit/core.js';
import type { Command } from '../../src/gpu-scheduler/fairfit/commands.js';
import type { SchedulerEvent } from '../../src/gpu-scheduler/fairfit/events.js';
import type { FairFitOptions } from '../../src/gpu-scheduler/fairfit/options.js';
import { CoreDriver, PROFILE } from './core-driver.js';

/** An event and its time: what a core is fed. Plain JSON. */
export type TraceStep = readonly [SchedulerEvent, number];
/** One thing that a generated trace does. */
export type Action = (d: CoreDriver, serial: number) => void;

export const MODELS = ['model-a', 'model-b', 'model-c'] as const;
export const DEVICES = ['cpu:0', 'cuda:0'] as const;
const CLASS = { 'cpu:0': 'slow', 'cuda:0': 'fast' } as const;
/** Two of the three models fit on a device. */
const MODEL_BYTES = 100;
const DEVICE_BYTES = 250;

/** Plays a recorded trace through a new core. */
export function replayTrace(
  trace: readonly TraceStep[],
  options: Partial<FairFitOptions> = {},
): (readonly Command[])[] {
  const core = new SchedulerCore(options);
  return trace.map(([event, nowMs]) => core.handle(event, nowMs));
}

const enqueue = fc
  .record({
    tenantId: fc.constantFrom('a', 'b', 'c', 'd'),
    weight: fc.constantFrom(1, 1, 2, 4),
    band: fc.constantFrom('interactive' as const, 'standard' as const, 'standard' as const, 'bulk' as const),
    modelVersionId: fc.constantFrom(...MODELS),
    alone: fc.constantFrom(false, false, false, true),
    size: fc.constantFrom(1, 1, 1, 2, 5, 9),
    lifeMs: fc.option(fc.integer({ min: -2, max: 120 })),
    deadlineAction: fc.constantFrom('fail' as const, 'fail' as const, 'demote' as const),
    maxEnqueued: fc.constantFrom(6, 1024),
    maxInFlight: fc.constantFrom(null, null, null, 1, 3),
    afterMs: fc.constantFrom(0, 0, 1, 4),
  })
  .map(({ lifeMs, afterMs, ...facts }): Action => (d, serial) => {
    const deadlineMs = lifeMs === null ? null : d.nowMs + afterMs + lifeMs;
    d.enqueue(`item-${serial}`, { ...facts, deadlineMs }, afterMs);
  });

const finish = fc
  .record({
    how: fc.constantFrom('completed' as const, 'completed' as const, 'completed' as const, 'failed' as const),
    at: fc.nat(),
    ms: fc.nat(40),
  })
  .map(({ how, at, ms }): Action => (d) => {
    if (d.running.length > 0) d.finish(ms, how, at % d.running.length);
  });

const cancel = fc.nat().map((n): Action => (d) => {
  const ids = [...d.enqueued.keys()];
  const itemId = ids[n % Math.max(1, ids.length)];
  if (itemId) d.send({ type: 'cancel', itemId });
});

const timer = fc.constant<Action>((d) => void d.fireTimer());
/** The clock goes back, or the host was suspended. */
const jump = fc.constantFrom(-50, 5_000, 70_000).map(
  (ms): Action =>
    (d) =>
      void d.send({ type: 'timer' }, ms),
);
const device = fc.constantFrom(...DEVICES);
const down = device.map((id): Action => (d) => {
  d.send({ type: 'deviceDown', device: id });
  d.loading.splice(0, d.loading.length, ...d.loading.filter((load) => load.device !== id));
  d.unloading.splice(0, d.unloading.length, ...d.unloading.filter((load) => load.device !== id));
  for (let at = d.running.length - 1; at >= 0; at -= 1) if (d.running[at]?.device === id) d.finish(0, 'failed', at);
});
const up = device.map(
  (id): Action =>
    (d) =>
      bringUp(d, id, d.hasBudget),
);
const load = fc.tuple(device, fc.constantFrom(...MODELS)).map(([id, modelVersionId]): Action => (d) => {
  if (!d.hasBudget) d.send({ type: 'loaded', device: id, modelVersionId, profiles: [PROFILE] });
});
const answer = fc
  .tuple(fc.nat(60), fc.constantFrom('loaded' as const, 'loaded' as const, 'loaded' as const, 'failed' as const))
  .map(
    ([ms, how]): Action =>
      (d) =>
        void d.answerLoads(ms, how),
  );
const refuse = fc.constantFrom(...MODELS).map(
  (modelVersionId): Action =>
    (d) =>
      void d.send({ type: 'unavailable', modelVersionId, why: 'no' }),
);

const COMMON = [
  { weight: 14, arbitrary: enqueue },
  { weight: 6, arbitrary: finish },
  { weight: 1, arbitrary: cancel },
  { weight: 2, arbitrary: timer },
];
const FAULTS = [
  { weight: 1, arbitrary: jump },
  { weight: 1, arbitrary: down },
  { weight: 2, arbitrary: up },
  { weight: 1, arbitrary: refuse },
];

/** Traces over devices that stay, with every model resident. */
export const calmTraces = fc.array(fc.oneof(...COMMON), { minLength: 1, maxLength: 120 });
/** Devices come and go, models are loaded by the shell, the clock jumps. */
export const wildTraces = fc.array(fc.oneof(...COMMON, ...FAULTS, { weight: 2, arbitrary: load }), {
  minLength: 1,
  maxLength: 120,
});
/** The core loads and evicts; loads take time and fail. */
export const tightTraces = fc.array(fc.oneof(...COMMON, ...FAULTS, { weight: 4, arbitrary: answer }), {
  minLength: 1,
  maxLength: 120,
});

/** A device joins; with a byte budget the core decides what is resident on it. */
export function bringUp(d: CoreDriver, id: string, hasBudget: boolean): void {
  const rank = DEVICES.indexOf(id as (typeof DEVICES)[number]);
  const deviceClass = CLASS[id as (typeof DEVICES)[number]];
  d.send({ type: 'deviceUp', device: id, rank, deviceClass, ...(hasBudget ? { memoryBytes: DEVICE_BYTES } : {}) });
}

/** A driver with two devices: every model resident, or a byte budget for two of the three. */
export function newDriver(kind: 'calm' | 'wild' | 'tight', options: Partial<FairFitOptions> = {}): CoreDriver {
  const d = new CoreDriver(options);
  d.hasBudget = kind === 'tight';
  if (kind === 'wild') d.addDevice('cpu:0', ['model-a'], 1);
  if (kind === 'wild') return d;
  for (const modelVersionId of kind === 'tight' ? MODELS : []) {
    const profiles = ['slow', 'fast'].map((deviceClass) => ({ deviceClass, profiles: [PROFILE] }));
    d.send({ type: 'model', model: { modelVersionId, sizeBytes: MODEL_BYTES, loadMs: 30, profiles } });
  }
  for (const id of DEVICES) bringUp(d, id, d.hasBudget);
  for (const id of kind === 'calm' ? DEVICES : []) {
    for (const modelVersionId of MODELS) d.send({ type: 'loaded', device: id, modelVersionId, profiles: [PROFILE] });
  }
  return d;
}

/** Plays a trace; on a failure prints it as JSON, ready for `replayTrace`. */
export function play(d: CoreDriver, actions: readonly Action[], after: (d: CoreDriver) => void = () => {}): CoreDriver {
  try {
    actions.forEach((action, serial) => {
      action(d, serial);
      after(d);
    });
  } catch (error) {
    throw withTrace(d, error);
  }
  return d;
}

/** Checks something about a played trace; on a failure prints it. */
export function check(d: CoreDriver, test: () => void): void {
  try {
    test();
  } catch (error) {
    throw withTrace(d, error);
  }
}

/** Ends a trace: devices are up, everything is answered, timers run until nothing is left. */
export function settle(d: CoreDriver): void {
  for (const id of DEVICES) {
    bringUp(d, id, d.hasBudget);
    for (const modelVersionId of d.hasBudget ? [] : MODELS) {
      d.send({ type: 'loaded', device: id, modelVersionId, profiles: [PROFILE] });
    }
  }
  for (let round = 0; round < 2_000; round += 1) {
    if (d.running.length > 0) d.finish(1);
    else if (!d.answerLoads(1) && d.unloading.length === 0 && !d.fireTimer()) return;
  }
  throw new Error('The trace does not come to rest.');
}

function withTrace(d: CoreDriver, error: unknown): Error {
  const trace = d.steps.map(({ event, nowMs }): TraceStep => [event, nowMs]);
  const message = error instanceof Error ? error.message : String(error);
  return new Error(`${message}\nreplayTrace(${JSON.stringify(trace)}, ${JSON.stringify(d.options)})`, { cause: error });
}
