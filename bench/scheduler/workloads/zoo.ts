import { arrivalsOf, type Stream } from '../machine/arrivals.js';
import { devices, type Scenario, scenarioOf, tenantsOf } from '../machine/scenario.js';
import { lanes } from './machines.js';

/** Many models, few slots. */
export const ZOO_MODELS = 24;
export const ZOO_SLO_MS = 1000;

/** Rates of the models after Zipf's law with exponent 1, the first the most asked for; they add up to `rps`. */
export function zipf(count: number, rps: number): number[] {
  const parts = Array.from({ length: count }, (_, i) => 1 / (i + 1));
  const whole = parts.reduce((sum, part) => sum + part, 0);
  return parts.map((part) => (part * rps) / whole);
}

/** 24 models on two devices with five slots each; a load takes 150 ms of its device. */
export function zoo(seed: number, endMs: number, tenants: number, streams: readonly Stream[]): Scenario {
  return scenarioOf({
    lanes: lanes(ZOO_MODELS, { a: 1, c: 8, sloMs: ZOO_SLO_MS }),
    tenants: tenantsOf(Array.from({ length: tenants }, () => 1)),
    devices: devices(2, 5),
    items: arrivalsOf(streams, seed, endMs),
    seed,
    warmMs: 3000,
    endMs,
    loadMs: 150,
  });
}
