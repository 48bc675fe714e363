import { expect, it } from 'vitest';
import { PeerView } from './peer-view.js';
import { runsOf, several, tiny } from './tiny-runs.js';
import { Vtc } from './vtc.js';

const vtc = (scenario: ReturnType<typeof tiny>) => new Vtc(new PeerView(scenario), 2);

it('fills a batch in proportion to the weights', () => {
  // All three start level: tenant 0 has paid 10 ms, the others are lifted to it. Weights are 1, 1 and 2.
  const items = [{ at: 0 }, ...[0, 1, 2].flatMap((tenant) => several(20, { at: 1, tenant }))];
  const numbers = runsOf(tiny(items), vtc)[1]?.split(': ')[1]?.split(' ').map(Number) ?? [];
  const by = (from: number, to: number) => numbers.filter((n) => n >= from && n < to).length;
  expect([by(1, 21), by(21, 41), by(41, 61)]).toEqual([3, 3, 5]);
});

it('serves the tenant that was served least, though another waits longer', () => {
  // Level at 10 when both wait at 10 ms; tenant 0 goes and has 20, so the younger item of tenant 1 is next.
  const items = [{ at: 0 }, { at: 1 }, { at: 1.5, lane: 1 }, { at: 2, tenant: 1, lane: 2 }];
  const scenario = tiny(items, { lanes: [0, 1, 2].map(() => ({ a: 1, c: 9, sloMs: 40 })) });
  expect(runsOf(scenario, vtc)).toEqual(['0 m0: 0', '10 m0: 1', '20 m2: 3', '30 m1: 2']);
});

it('lifts a returning tenant to the least active counter: idle time is no credit', () => {
  // Tenant 0 has paid 30 ms when tenant 1 comes: they start level and share the next batch of 11, tenant 0 first.
  const items = [{ at: 0 }, ...several(22, { at: 1 }), ...several(22, { at: 15, tenant: 1 })];
  const third = runsOf(tiny(items.map((item) => ({ ...item, due: 500 }))), vtc)[2]?.split(': ')[1] ?? '';
  const numbers = third.split(' ').map(Number);
  expect(numbers.filter((n) => n >= 23)).toHaveLength(5);
});
