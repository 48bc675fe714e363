import { describe, expect, it } from 'vitest';
import { recordedLanes } from './recorded-costs.js';
import type { TraceItem } from './trace.js';

const ITEM: TraceItem = {
  at: 0,
  tenant: 'acme',
  weight: 1,
  model: 'm',
  bucket: 'any',
  band: 'standard',
  size: 1,
  deadline: 100,
  cost: 0,
  batch: null,
  device: null,
  finished: Infinity,
};

/** The items of one batch of `size` that took 2 * size + 6 ms. */
const batch = (id: string, size: number): TraceItem[] =>
  Array.from({ length: size }, () => ({ ...ITEM, batch: id, cost: (2 * size + 6) / size }));

describe('costs out of a record', () => {
  it('are the line through the inference batches', () => {
    const { lanes, laneOf } = recordedLanes({
      devices: [],
      items: [...batch('a', 1), ...batch('b', 4), ...batch('c', 8)],
    });
    expect(lanes[laneOf(ITEM)]?.a).toBeCloseTo(2);
    expect(lanes[laneOf(ITEM)]?.c).toBeCloseTo(6);
    expect(lanes[laneOf(ITEM)]?.sloMs).toBe(100);
  });

  it('have no fixed part when all batches have one size', () => {
    expect(recordedLanes({ devices: [], items: [...batch('a', 4), ...batch('b', 4)] }).lanes).toEqual([
      { a: 3.5, c: 0, sloMs: 100 },
    ]);
  });

  it('are borrowed for a model that never ran', () => {
    const other = { ...ITEM, model: 'never' };
    const { lanes, laneOf } = recordedLanes({ devices: [], items: [...batch('a', 4), other] });
    expect(lanes[laneOf(other)]).toEqual({ a: 3.5, c: 0, sloMs: 100 });
  });

  it('must be there', () => {
    expect(() => recordedLanes({ devices: [], items: [ITEM] })).toThrow('No item of the trace has a cost');
  });
});
