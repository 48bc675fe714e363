import { arrivalsOf, type Stream } from '../machine/arrivals.js';
import { type DeviceSpec, devices, type Scenario, scenarioOf, tenantsOf } from '../machine/scenario.js';
import { lanes, RESNET } from './machines.js';

/** What four ResNet models on two devices serve about, items per second. */
export const NOMINAL_RPS = 1500;
export const MODELS = [0, 1, 2, 3] as const;

export interface SharedMachine {
  readonly seed: number;
  readonly endMs: number;
  readonly sloMs?: number;
  readonly weights: readonly number[];
  readonly streams: readonly Stream[];
  readonly devices?: readonly DeviceSpec[];
  readonly more?: Partial<Scenario>;
}

/** Four models on two devices; warm-up 3 s. */
export function sharedMachine(facts: SharedMachine): Scenario {
  const { seed, endMs, sloMs = 100, weights, streams } = facts;
  return {
    ...scenarioOf({
      lanes: lanes(4, { ...RESNET, sloMs }),
      tenants: tenantsOf(weights),
      devices: facts.devices ?? devices(2),
      items: arrivalsOf(streams, seed, endMs),
      seed,
      warmMs: 3000,
      endMs,
    }),
    ...facts.more,
  };
}

/** One tenant per model, equal rates. */
export function tenantPerModel(rps: number, rest: Partial<Stream> = {}): Stream[] {
  return MODELS.map((i) => ({ lane: i, tenant: i, rps: rps / 4, sloMs: 100, ...rest }));
}

/** A tenant's rate spread evenly over the four models. */
export function spread(tenant: number, rps: number, rest: Partial<Stream> = {}): Stream[] {
  return MODELS.map((lane) => ({ lane, tenant, rps: rps / 4, sloMs: 100, ...rest }));
}

/** Tenant 0 floods with five times what the machine serves; nine victims send 75 rps each. */
export function flood(
  seed: number,
  endMs: number,
  rest: { devices?: readonly DeviceSpec[]; more?: Partial<Scenario> } = {},
): Scenario {
  const tenants = Array.from({ length: 10 }, (_, t) => t);
  return sharedMachine({
    seed,
    endMs,
    weights: tenants.map(() => 1),
    streams: tenants.flatMap((t) => spread(t, t === 0 ? 5 * NOMINAL_RPS : 75)),
    ...rest,
  });
}
