import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OrderNode, OrderTree } from './order-tree.js';
import { Work } from './work.js';

type Entry = { readonly key: number; readonly seq: number; readonly units: number };

const entries = fc.array(fc.record({ key: fc.integer({ min: 0, max: 30 }), units: fc.integer({ min: 1, max: 5 }) }), {
  maxLength: 80,
});

describe('OrderTree', () => {
  it('answers like a sorted list, after any insertions and removals', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.nat()), fc.integer({ min: -1, max: 31 }), (given, removals, from) => {
        const tree = new OrderTree<Entry>(new Work());
        const nodes = given.map(({ key, units }, seq) => new OrderNode<Entry>({ key, seq, units }, key, seq, units));
        for (const node of nodes) tree.insert(node);
        for (const at of removals) {
          const [node] = nodes.splice(at % Math.max(1, nodes.length), 1);
          if (node) tree.remove(node);
        }
        const list = nodes.map((node) => node.value).sort((a, b) => a.key - b.key || a.seq - b.seq);
        const rest = list.filter(({ key }) => key >= from);
        const units = (part: readonly Entry[]) => part.reduce((sum, entry) => sum + entry.units, 0);
        expect(tree.length).toBe(list.length);
        expect(tree.units).toBe(units(list));
        expect(tree.first()).toBe(list[0] ?? null);
        expect(tree.firstFrom(from)).toBe(rest[0] ?? null);
        expect(tree.unitsFrom(from)).toBe(units(rest));
        expect([...tree.from(from)]).toEqual(rest);
        for (const [i, { key, seq }] of list.entries())
          expect(tree.unitsBefore(key, seq)).toBe(units(list.slice(0, i)));
      }),
    );
  });

  it('stays shallow when keys come in order', () => {
    const work = new Work();
    const tree = new OrderTree<number>(work);
    for (let i = 0; i < 20_000; i += 1) tree.insert(new OrderNode(i, i, i, 1));
    const before = work.steps;
    for (let i = 0; i < 100; i += 1) expect(tree.unitsFrom(10_000 + i)).toBe(10_000 - i);
    expect((work.steps - before) / 100).toBeLessThan(4 * Math.log2(20_000));
  });

  it('refuses to remove a stranger', () => {
    const tree = new OrderTree<number>(new Work());
    expect(() => tree.remove(new OrderNode(1, 1, 1, 1))).toThrow('does not hold');
  });
});
