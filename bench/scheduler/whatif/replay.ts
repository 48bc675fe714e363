import type { FairFitOptions } from '../../../src/gpu-scheduler/fairfit/options.js';
import { FairFitPolicy } from '../fairfit/fairfit-policy.js';
import { Machine } from '../machine/machine.js';
import { type Scenario, scenarioOf, type TenantLimits } from '../machine/scenario.js';
import { SimItem } from '../machine/sim-item.js';
import { recordedLanes } from './recorded-costs.js';
import type { Trace } from './trace.js';

/** What is to be different from the record. */
export interface Change {
  /** Number of devices; absent = as recorded. */
  readonly devices?: number;
  /** Run time over the recorded one: 0.5 = devices twice as fast. */
  readonly slowdown?: number;
  /** Weights by tenant. */
  readonly weights?: ReadonlyMap<string, number>;
  /** Limits by tenant. */
  readonly limits?: ReadonlyMap<string, TenantLimits>;
  readonly options?: Partial<FairFitOptions>;
}

/** When each item of the trace was or would be done; Infinity = never. Same order as the trace's items. */
export type Outcome = readonly number[];

/** Plays the arrivals of a trace through the product's scheduler on simulated devices. */
export function replayTrace(trace: Trace, change: Change): Outcome {
  const { scenario, order } = scenarioFor(trace, change);
  const policy = new FairFitPolicy(scenario, { costs: 'given', options: change.options ?? {} });
  new Machine(scenario, policy).run();
  return order.map((item) => item.finishedAt);
}

function scenarioFor(trace: Trace, change: Change): { scenario: Scenario; order: SimItem[] } {
  const tenants = [...new Set(trace.items.map(({ tenant }) => tenant))];
  const tenantIndex = new Map(tenants.map((tenant, i) => [tenant, i]));
  const weights = new Map(trace.items.map(({ tenant, weight }) => [tenant, weight]));
  const { lanes, laneOf } = recordedLanes(trace);
  const start = trace.items.reduce((least, { at }) => Math.min(least, at), Infinity);
  const order = trace.items.map((item) => {
    const kind = { band: item.band, size: item.size, costFactor: 1 };
    const tenant = tenantIndex.get(item.tenant) ?? 0;
    return new SimItem(item.at - start, item.deadline - start, laneOf(item), tenant, kind);
  });
  const items = order.toSorted((a, b) => a.arrivedAt - b.arrivedAt);
  const scenario = scenarioOf({
    lanes,
    tenants: tenants.map((name) => ({
      name,
      weight: change.weights?.get(name) ?? weights.get(name) ?? 1,
      limits: change.limits?.get(name) ?? {},
    })),
    devices: devicesFor(trace, change),
    items,
    seed: 1,
    warmMs: 0,
    endMs: items.at(-1)?.arrivedAt ?? 0,
  });
  return { scenario, order };
}

function devicesFor(trace: Trace, { devices, slowdown = 1 }: Change) {
  return Array.from({ length: devices ?? recordedDevices(trace) }, () => ({ slowdown, slots: Infinity }));
}

/** How many devices the platform had. */
export function recordedDevices(trace: Trace): number {
  if (trace.devices.length > 0) return trace.devices.length;
  return Math.max(1, new Set(trace.items.flatMap(({ device }) => device ?? [])).size);
}
