import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderTree } from './order-tree.js';
import { Work } from './work.js';

interface Entry {
  readonly dueMs: number;
  readonly seq: number;
  readonly size: number;
}

/** Few due times give many ties, many give few; long lists have several levels. */
const lists = fc.tuple(fc.constantFrom(3, 300), fc.constantFrom(20, 400, 4_000)).chain(([dues, length]) =>
  fc.record({
    given: fc.array(fc.record({ dueMs: fc.nat({ max: dues }), size: fc.integer({ min: 1, max: 5 }) }), {
      minLength: length / 2,
      maxLength: length,
    }),
    removals: fc.array(fc.nat(), { maxLength: length }),
    from: fc.integer({ min: -1, max: dues + 1 }),
    /** As a queue is served: the first entries leave. */
    fromHead: fc.boolean(),
  }),
);

describe('OrderTree', () => {
  it('answers like a sorted list, after any insertions and removals', () => {
    fc.assert(
      fc.property(lists, ({ given, removals, from, fromHead }) => {
        const tree = new OrderTree<Entry>(new Work());
        const entries = given.map((entry, seq) => ({ ...entry, seq }));
        const half = entries.splice(0, entries.length >> 1);
        if (fromHead) half.sort((a, b) => a.dueMs - b.dueMs || a.seq - b.seq);
        for (const entry of half) tree.insert(entry);
        for (const at of removals) {
          const [entry] = half.splice(fromHead ? 0 : at % Math.max(1, half.length), 1);
          if (entry) tree.remove(entry);
          expect(tree.first()).toBe(fromHead ? (half[0] ?? null) : tree.firstFrom(-1));
        }
        for (const entry of entries) tree.insert(entry);
        const list = [...half, ...entries].sort((a, b) => a.dueMs - b.dueMs || a.seq - b.seq);
        const rest = list.filter(({ dueMs }) => dueMs >= from);
        const units = (part: readonly Entry[]) => part.reduce((sum, entry) => sum + entry.size, 0);
        expect(tree.length).toBe(list.length);
        expect(tree.units).toBe(units(list));
        expect(tree.first()).toBe(list[0] ?? null);
        expect(tree.firstFrom(from)).toBe(rest[0] ?? null);
        expect(tree.unitsFrom(from)).toBe(units(rest));
        expect([...tree.from(from)]).toEqual(rest);
        let before = 0;
        for (const { dueMs, seq, size } of list) {
          expect(tree.unitsBefore(dueMs, seq)).toBe(before);
          before += size;
        }
        for (const entry of list) tree.remove(entry);
        expect([tree.length, tree.units, tree.first()]).toEqual([0, 0, null]);
      }),
      { numRuns: 25 },
    );
  });

  it('stays shallow when keys come in order and when most of them leave again', () => {
    const work = new Work();
    const tree = new OrderTree<Entry>(work);
    const entries = Array.from({ length: 40_000 }, (_, i) => ({ dueMs: i, seq: i, size: 1 }));
    for (const entry of entries) tree.insert(entry);
    for (const entry of entries) if (entry.seq % 16 !== 0) tree.remove(entry);
    const before = work.steps;
    for (let i = 0; i < 100; i += 1) expect(tree.unitsFrom(16 * i)).toBe(2_500 - i);
    expect((work.steps - before) / 100).toBeLessThan(Math.log2(2_500));
  });

  it.each([
    ['from the first', (a: Entry, b: Entry) => a.seq - b.seq],
    ['from the last', (a: Entry, b: Entry) => b.seq - a.seq],
    ['with ties, a few per step', (a: Entry, b: Entry) => (a.seq % 7) - (b.seq % 7) || a.seq - b.seq],
    ['scattered', (a: Entry, b: Entry) => (a.seq % 997) - (b.seq % 997)],
  ])('is emptied %s', (_, order) => {
    const tree = new OrderTree<Entry>(new Work());
    const entries = Array.from({ length: 40_000 }, (_, i) => ({ dueMs: i >> 4, seq: i, size: 1 }));
    for (const entry of entries) tree.insert(entry);
    entries.sort(order);
    let left = entries.length;
    for (const entry of entries) {
      tree.remove(entry);
      left -= 1;
      if (tree.units !== left || (tree.first() === null) !== (left === 0)) throw new Error(`Lost at ${left}.`);
      if (left % 1_000 === 0) expect([...tree.from(-1)].length).toBe(left);
    }
    expect(tree.length).toBe(0);
  });

  it('refuses to remove a stranger', () => {
    const tree = new OrderTree<Entry>(new Work());
    expect(() => tree.remove({ dueMs: 1, seq: 1, size: 1 })).toThrow('does not hold');
  });
});
