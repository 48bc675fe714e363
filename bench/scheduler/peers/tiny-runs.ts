import { Machine } from '../machine/machine.js';
import type { Policy } from '../machine/policy.js';
import { devices, type Scenario, scenarioOf, tenantsOf } from '../machine/scenario.js';
import { SimItem } from '../machine/sim-item.js';

/** A hand-made item; due after 40 ms unless told. */
export interface TinyItem {
  readonly at: number;
  readonly due?: number;
  readonly lane?: number;
  readonly tenant?: number;
}

/** Two models of L(b) = b + 9 ms and an SLO of 40 ms on one device, three tenants of weights 1, 1, 2. */
export function tiny(items: readonly TinyItem[], more: Partial<Scenario> = {}): Scenario {
  const sorted = items.toSorted((a, b) => a.at - b.at);
  const made = sorted.map(({ at, due, lane = 0, tenant = 0 }) => new SimItem(at, due ?? at + 40, lane, tenant));
  return {
    ...scenarioOf({
      lanes: [0, 1].map(() => ({ a: 1, c: 9, sloMs: 40 })),
      tenants: tenantsOf([1, 1, 2]),
      devices: devices(1),
      items: made,
      seed: 1,
      warmMs: 0,
      endMs: 10_000,
    }),
    ...more,
  };
}

/** `count` items of one kind at the same instant. */
export function several(count: number, item: TinyItem): TinyItem[] {
  return Array.from({ length: count }, () => item);
}

/** What the policy ran: start, model and the numbers of the items, as `5 m0: 0 1 2`, with a `+` for a load. */
export function runsOf(scenario: Scenario, make: (scenario: Scenario) => Policy): string[] {
  const runs: { at: number; text: string }[] = [];
  new Machine(scenario, make(scenario), (run) => {
    const numbers = run.items.map((item) => scenario.items.indexOf(item)).join(' ');
    const at = Number(run.startedAt.toFixed(3));
    runs.push({ at: run.startedAt, text: `${at} m${run.lane}${run.withLoad ? '+' : ''}: ${numbers}` });
  }).run();
  return runs.sort((a, b) => a.at - b.at).map(({ text }) => text);
}
